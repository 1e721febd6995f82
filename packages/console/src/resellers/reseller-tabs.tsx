import { useSession, whyNotPermitted } from '../access/session.ts'
import { addresses } from '../shell/addresses.ts'
import { Tabs } from '../shell/tabs.tsx'
import { texts } from '../texts/index.ts'

/** The parts of a reseller that are set up; its own people have one of them alone. */
export function ResellerTabs({ id, here }: { readonly id: string; readonly here: 'edit' | 'branding' }) {
  const session = useSession()
  if (whyNotPermitted(session, 'editReseller')) return null
  return (
    <Tabs
      label={texts.branding.parts}
      here={here}
      tabs={[
        { key: 'edit', label: texts.branding.edit, href: addresses.editReseller(id) },
        { key: 'branding', label: texts.branding.title, href: addresses.resellerBrand(id) },
      ]}
    />
  )
}
