import type { StorageLocation } from '@granary/contract'
import { NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useSession, whyNotPermitted } from '../access/session.ts'
import type { FieldsOf } from '../forms/record-form.ts'
import { texts } from '../texts/index.ts'
import { useFormatBytes } from '../units/unit-system.ts'
import { storageLocationsQuery } from './storage-queries.ts'

export interface StorageLocationValues {
  /** Empty: as the level above says */
  storageLocation: string
}

/**
 * Where the vaults of new clients are made. Shown where there is a choice, to those who can see it; made by who may
 * change the server's settings.
 * @param above where they are made when nothing is said here; left out where there is no level above, null when unknown
 */
export function StorageLocationSelect(props: {
  readonly form: FieldsOf<StorageLocationValues>
  readonly above?: string | null | undefined
}) {
  const session = useSession()
  const formatBytes = useFormatBytes()
  const locations = useQuery({ ...storageLocationsQuery, enabled: session.level === 'server' })
  if (!locations.data || locations.data.length < 2) return null
  const mayNot = whyNotPermitted(session, 'editSettings')
  const inherit = props.above ? texts.storage.asAboveNamed(props.above) : texts.storage.asAbove
  return (
    <NativeSelect
      label={texts.storage.location}
      description={texts.storage.locationText}
      disabled={mayNot !== null}
      data-hint={mayNot ?? undefined}
      data={[
        ...('above' in props ? [{ value: '', label: inherit }] : []),
        ...locations.data.map((location) => ({
          value: location.name,
          label: labelOf(location, formatBytes),
        })),
      ]}
      {...props.form.getInputProps('storageLocation')}
    />
  )
}

function labelOf({ name, freeBytes }: StorageLocation, formatBytes: (bytes: number) => string): string {
  return freeBytes === null
    ? texts.storage.notThereNamed(name)
    : texts.storage.freeNamed(name, formatBytes(freeBytes))
}
