import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { LocalStore, type ObjectStore, RestStore } from '@granary/object-store'
import type { GlobalOptions } from './global-options.ts'
import type { Surroundings } from './surroundings.ts'
import { UsageError } from './usage-error.ts'

const otherSchemes = /^(?:s3|sftp|b2|azure|gs|swift|rclone):/

/**
 * The store behind restic's way to name a repository.
 * @throws {UsageError} for a kind of place that can't be reached
 */
export async function openStore(
  location: string,
  { environment, workingFolder }: Surroundings,
  { cacert }: Pick<GlobalOptions, 'cacert'>,
): Promise<ObjectStore> {
  if (location.startsWith('rest:')) {
    const certificates = cacert ?? environment.RESTIC_CACERT
    const url = withCredentials(location.slice('rest:'.length), environment)
    return new RestStore(url, {
      ...(certificates ? { ca: await readFile(path.resolve(workingFolder, certificates)) } : {}),
    })
  }
  const scheme = otherSchemes.exec(location)
  if (scheme)
    throw new UsageError(`repositories at ${scheme[0]} can't be reached; use a folder, or rest:https://…`)
  return new LocalStore(path.resolve(workingFolder, location.replace(/^local:/, '')))
}

function withCredentials(location: string, environment: Surroundings['environment']): string {
  const url = URL.parse(location)
  if (!url || !/^https?:$/.test(url.protocol)) throw new UsageError(`rest:${location} is no address`)
  if (!url.username && environment.RESTIC_REST_USERNAME) {
    url.username = encodeURIComponent(environment.RESTIC_REST_USERNAME)
    url.password = encodeURIComponent(environment.RESTIC_REST_PASSWORD ?? '')
  }
  return url.href
}
