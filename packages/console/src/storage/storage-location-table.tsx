import type { StorageLocation } from '@granary/contract'
import { Badge } from '@mantine/core'
import { UsedSpace } from '../tenants/used-space.tsx'
import { formatCount } from '../texts/formats.ts'
import { texts } from '../texts/index.ts'
import { Size } from '../units/size.tsx'
import styles from './storage.module.css'

/** The disks under the vaults: what lies where, and how much room there is. */
export function StorageLocationTable({ locations }: { locations: readonly StorageLocation[] }) {
  return (
    // Can be scrolled by keyboard, too.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable
    <section className={styles.frame} aria-label={texts.storage.locations} tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{texts.storage.name}</th>
            <th scope="col">{texts.storage.vaults}</th>
            <th scope="col" data-hint={texts.storage.heldHint}>
              {texts.storage.held}
            </th>
            <th scope="col">{texts.storage.disk}</th>
            <th scope="col">{texts.storage.free}</th>
          </tr>
        </thead>
        <tbody>
          {locations.map((location) => (
            <Row key={location.name} location={location} />
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Row({ location }: { location: StorageLocation }) {
  const { name, path, freeBytes, totalBytes } = location
  return (
    <tr>
      <th scope="row">
        <span className={styles.name}>
          {name}
          {location.takesNewVaults && (
            <Badge variant="light" size="sm" tt="none" data-hint={texts.storage.newVaultsHint}>
              {texts.storage.newVaults}
            </Badge>
          )}
        </span>
        {path !== null && <code dir="ltr">{path}</code>}
      </th>
      <td>{formatCount(location.vaultCount)}</td>
      <td>
        <Size bytes={location.usedBytes} />
      </td>
      {freeBytes === null || totalBytes === null ? (
        <td colSpan={2} className={styles.missing} data-hint={texts.storage.notThereHint}>
          {texts.storage.notThere}
        </td>
      ) : (
        <>
          <td className={styles.disk}>
            <UsedSpace
              space={{
                allottedBytes: totalBytes,
                usedBytes: totalBytes - freeBytes,
                usedBytesMonthAgo: null,
              }}
            />
          </td>
          <td>
            <Size bytes={freeBytes} />
          </td>
        </>
      )}
    </tr>
  )
}
