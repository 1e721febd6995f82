import { type ClientKind, clientKinds } from '@granary/contract'
import { useQuery } from '@tanstack/react-query'
import { formatCount } from '../texts/formats.ts'
import { texts } from '../texts/index.ts'
import { pluginsQuery } from './licence-queries.ts'

/** @returns the name of what MCALs are drawn for: a kind of client or a plug-in, by its key where it is gone */
function usePartNames(): (part: string) => string {
  const plugins = useQuery(pluginsQuery)
  const names = new Map(plugins.data?.items.map(({ key, name }) => [key, name]))
  return (part) =>
    clientKinds.includes(part as ClientKind)
      ? texts.clients.kinds[part as ClientKind]
      : (names.get(part) ?? part)
}

/** The plug-ins of a client, by name. */
export function PluginNames({ keys }: { keys: readonly string[] }) {
  const nameOf = usePartNames()
  return <bdi>{keys.length > 0 ? keys.map(nameOf).join(', ') : '–'}</bdi>
}

interface Part {
  readonly part: string
  readonly units: number
}

/** `Server 2, SQL Server 3` */
export function DrawnFor({ parts }: { parts: readonly Part[] }) {
  const nameOf = usePartNames()
  return (
    <bdi>{parts.map(({ part, units }) => `${nameOf(part)} ${formatCount(units)}`).join(', ') || '–'}</bdi>
  )
}

/** `server 2; mssql 3`, for programs. */
export function partsAsCsv(parts: readonly Part[]): string {
  return parts.map(({ part, units }) => `${part} ${units}`).join('; ')
}
