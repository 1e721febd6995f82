import { addresses } from '../shell/addresses.ts'
import { Tabs } from '../shell/tabs.tsx'
import { texts } from '../texts/index.ts'

/** The parts of Settings. */
export function SettingsTabs({
  here,
}: {
  here: 'server' | 'branding' | 'mail' | 'sign-in' | 'alerts' | 'logs'
}) {
  return (
    <Tabs
      label={texts.settings.title}
      here={here}
      tabs={[
        { key: 'server', label: texts.serverSettings.server, href: addresses.settings },
        { key: 'branding', label: texts.branding.title, href: addresses.serverBrand },
        { key: 'mail', label: texts.settings.mail, href: addresses.mailSettings },
        { key: 'sign-in', label: texts.settings.signIn, href: addresses.signInSettings },
        { key: 'alerts', label: texts.alerts.title, href: addresses.alertSettings },
        { key: 'logs', label: texts.retention.tab, href: addresses.retention },
      ]}
    />
  )
}
