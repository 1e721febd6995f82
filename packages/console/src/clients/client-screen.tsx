import type { Client } from '@granary/contract'
import { Button, Skeleton } from '@mantine/core'
import { IconArrowBackUp, IconArrowsTransferUp, IconKey, IconPencil, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useSession, whyNotPermitted } from '../access/session.ts'
import { SpaceOverTime } from '../charts/space-over-time.tsx'
import { DamageBanner } from '../damage/damage-banner.tsx'
import { PutBack } from '../deleted/put-back.tsx'
import { Undeletions } from '../deleted/undeletions.tsx'
import { PluginNames } from '../licences/part-names.tsx'
import { ActButton } from '../shell/act-button.tsx'
import { addresses } from '../shell/addresses.ts'
import { Go } from '../shell/go.tsx'
import { Moment } from '../shell/moment.tsx'
import { Screen } from '../shell/screen.tsx'
import { storageLocationsQuery } from '../storage/storage-queries.ts'
import tableStyles from '../table/table.module.css'
import { toggleRules } from '../tenants/tenant-columns.tsx'
import { toggleActive } from '../tenants/toggle.ts'
import { ToggleSwitch } from '../tenants/toggle-switch.tsx'
import { AllottedSpace, UsedSpace } from '../tenants/used-space.tsx'
import { formatCount } from '../texts/formats.ts'
import { texts } from '../texts/index.ts'
import { Size } from '../units/size.tsx'
import { Activity } from '../warnings/activity.tsx'
import { WarningBanner } from '../warnings/warning-banner.tsx'
import { clientSignsQuery } from '../warnings/warning-queries.ts'
import { LastBackup } from './client-columns.tsx'
import { usePathToCustomerOf } from './client-path.ts'
import { clientQuery, clientSpaceQuery } from './client-queries.ts'
import styles from './clients.module.css'
import { FirstBackup, Secret } from './credentials-panel.tsx'
import { MoveClient } from './move-client.tsx'
import { ResetCredentials } from './reset-credentials.tsx'
import { VersionList } from './version-list.tsx'

export function ClientScreen() {
  const { clientId: id } = useParams({ strict: false }) as { clientId: string }
  const session = useSession()
  const client = useQuery(clientQuery(id))
  const path = usePathToCustomerOf(client.data)
  const [resetting, setResetting] = useState<Client | null>(null)
  const [moving, setMoving] = useState<Client | null>(null)
  const [puttingBack, setPuttingBack] = useState<Client | null>(null)
  const mayNotPutBack = whyNotPermitted(session, 'putBackClient')
  const space = useQuery(clientSpaceQuery(id))
  const signs = useQuery(clientSignsQuery(id))
  const mayNotMove = whyNotPermitted(session, 'moveClient')
  const mayNotReset = whyNotPermitted(session, 'resetClientCredentials')
  return (
    <Screen
      shape="form"
      path={path}
      title={client.data?.clientId ?? '…'}
      about={client}
      actions={
        <>
          <Button
            variant="default"
            leftSection={<IconKey size={14} />}
            disabled={!client.data || mayNotReset !== null}
            data-hint={mayNotReset ?? undefined}
            onClick={() => setResetting(client.data ?? null)}
          >
            {texts.clients.resetCredentials}
          </Button>
          <Button
            variant="default"
            leftSection={<IconArrowsTransferUp size={14} />}
            disabled={!client.data || mayNotMove !== null}
            data-hint={mayNotMove ?? undefined}
            onClick={() => setMoving(client.data ?? null)}
          >
            {texts.moving.action}
          </Button>
          <Button
            variant="default"
            leftSection={<IconArrowBackUp size={14} />}
            disabled={!client.data || mayNotPutBack !== null}
            data-hint={mayNotPutBack ?? texts.deleted.putBack}
            onClick={() => setPuttingBack(client.data ?? null)}
          >
            {texts.deleted.goBackTo}
          </Button>
          <ActButton
            variant="default"
            href={addresses.editClient(id)}
            icon={<IconPencil size={14} />}
            label={texts.clients.edit}
            whyNot={whyNotPermitted(session, 'editClient')}
          />
          <ActButton
            variant="default"
            href={addresses.deleteClient(id)}
            icon={<IconTrash size={14} />}
            label={texts.clients.remove}
            whyNot={whyNotPermitted(session, 'deleteClient')}
          />
        </>
      }
    >
      {client.isPending && <Skeleton height={150} maw={1100} radius={8} />}
      {client.data && (
        <div className={styles.panel} style={{ maxWidth: 1100 }}>
          <WarningBanner client={client.data} signs={signs.data} />
          <DamageBanner client={client.data} />
          <Undeletions clientId={id} />
          <Overview client={client.data} />
          <Secret label={texts.clients.vaultUrl} value={client.data.vaultUrl} />
          <p className={styles.note}>{texts.clients.secretHidden}</p>
          {client.data.space.usedBytes === 0 && <FirstBackup id={id} />}
          <SpaceOverTime history={space.data} />
          <Activity signs={signs.data} />
          <h2>{texts.versions.title}</h2>
          <VersionList clientId={id} />
        </div>
      )}
      <PutBack client={puttingBack} onClose={() => setPuttingBack(null)} />
      <MoveClient client={moving} onClose={() => setMoving(null)} />
      <ResetCredentials client={resetting} onClose={() => setResetting(null)} />
    </Screen>
  )
}

function Overview({ client }: { client: Client }) {
  const session = useSession()
  const locations = useQuery({ ...storageLocationsQuery, enabled: session.level === 'server' })
  const hasLocations = locations.data !== undefined && locations.data.length > 1
  const isActive = client.state === 'active'
  const facts: readonly (readonly [string, ReactNode])[] = [
    [
      texts.clients.customer,
      <Go
        key="customer"
        href={addresses.clientsOf(client.customer.id)}
        className={tableStyles.plainLink}
        dir="auto"
      >
        {client.customer.name}
      </Go>,
    ],
    [texts.clients.kind, texts.clients.kinds[client.kind]],
    ...(client.plugins.length > 0
      ? [[texts.plugins.title, <PluginNames key="plugins" keys={client.plugins} />] as const]
      : []),
    [
      texts.clients.state,
      <span key="state" className={styles.row}>
        <ToggleSwitch
          label={texts.tenants.activeOf(client.clientId)}
          on={isActive}
          hint={isActive ? texts.tenants.deactivate : texts.tenants.activate}
          whyNot={toggleRules(session, { kind: 'clients', row: client }).whyNotActive}
          onToggle={(on) => toggleActive({ kind: 'clients', row: client }, on)}
        />
        {isActive ? texts.common.active : texts.common.deactivated}
      </span>,
    ],
    [texts.clients.lastBackup, <LastBackup key="last" client={client} />],
    [texts.tenants.allottedSpace, <AllottedSpace key="allotted" bytes={client.space.allottedBytes} />],
    [texts.tenants.usedSpace, <UsedSpace key="used" space={client.space} />],
    [texts.tenants.trashSpace, <Size key="trash" bytes={client.space.trashBytes} />],
    [texts.clients.mcalsThisMonth, formatCount(client.mcals.used)],
    [texts.clients.mcalsUsedTillDate, formatCount(client.mcals.usedTillDate)],
    ...(client.trial
      ? [[texts.trials.endsIn, <Moment key="trial" at={client.trial.endsAt} />] as const]
      : []),
    ...(hasLocations ? [[texts.storage.location, client.storageLocation] as const] : []),
    [texts.clients.admitted, texts.clients.admittedBy[client.admittedBy]],
    [texts.tenants.created, <Moment key="created" at={client.createdAt} />],
    ...(client.appendOnly
      ? [
          [
            texts.clients.appendOnly,
            <span key="appendOnly" data-hint={texts.clients.appendOnlyHint}>
              {texts.common.on}
            </span>,
          ] as const,
        ]
      : []),
  ]
  return (
    <dl className={styles.overview}>
      {facts.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
