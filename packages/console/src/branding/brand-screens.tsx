import type { BrandSettings, RouteCall } from '@granary/contract'
import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { sessionQuery } from '../access/session.ts'
import { cache } from '../api/cache.ts'
import { call } from '../api/call.ts'
import { useBegun } from '../forms/begun.ts'
import { resellerQuery } from '../resellers/reseller-queries.ts'
import { ResellerTabs } from '../resellers/reseller-tabs.tsx'
import { usePathToSettings } from '../settings/settings-path.ts'
import { SettingsTabs } from '../settings/settings-tabs.tsx'
import { usePathTo } from '../shell/path.ts'
import { Screen } from '../shell/screen.tsx'
import { Trouble } from '../shell/states.tsx'
import { tell } from '../shell/tell.tsx'
import { texts } from '../texts/index.ts'
import { BrandForm } from './brand-form.tsx'
import { brandQuery, brandSettingsQuery } from './brand-queries.ts'

/** How a reseller shows itself to its people. */
export function ResellerBrandScreen() {
  const { resellerId: id } = useParams({ strict: false }) as { resellerId: string }
  const reseller = useQuery(resellerQuery(id))
  return (
    <Screen
      shape="form"
      needs="editResellerBrand"
      path={usePathTo(reseller.data && { reseller: reseller.data })}
      title={texts.branding.titleOf(reseller.data?.name ?? '…')}
      about={reseller}
      tabs={<ResellerTabs id={id} here="branding" />}
    >
      <BrandOf resellerId={id} save={(body) => call('editResellerBrand', { params: { id }, body })} />
    </Screen>
  )
}

/** How the server shows itself, and every reseller that says nothing. */
export function ServerBrandScreen() {
  return (
    <Screen
      shape="form"
      path={usePathToSettings()}
      title={texts.branding.title}
      tabs={<SettingsTabs here="branding" />}
    >
      <BrandOf resellerId={undefined} save={(body) => call('editServerBrand', { body })} />
    </Screen>
  )
}

function BrandOf(props: {
  readonly resellerId: string | undefined
  readonly save: (input: RouteCall<'editResellerBrand'>['body']) => Promise<BrandSettings>
}) {
  const query = brandSettingsQuery(props.resellerId)
  const settings = useQuery(query)
  const hasBegun = useBegun(settings)
  const [saves, setSaves] = useState(0)
  const showSaved = (saved: BrandSettings) => {
    cache.setQueryData(query.queryKey, saved)
    void cache.invalidateQueries(sessionQuery)
    void cache.invalidateQueries(brandQuery)
    tell(texts.branding.saved)
    setSaves((before) => before + 1)
  }
  return (
    <>
      {settings.isLoadingError && (
        <Trouble failure={settings.error} onRetry={() => void settings.refetch()} />
      )}
      {!hasBegun && <Skeleton height={320} maw={680} radius={8} />}
      {hasBegun && settings.data && (
        <BrandForm
          key={saves}
          settings={settings.data}
          of={props.resellerId === undefined ? 'server' : 'reseller'}
          save={props.save}
          onSaved={showSaved}
        />
      )}
    </>
  )
}
