import { readFile } from 'node:fs/promises'
import path from 'node:path'
import {
  LocalStore,
  limited,
  type ObjectStore,
  RateLimit,
  type RateLimits,
  RestStore,
} from '@granary/object-store'
import { connectionsTo } from './backend-options.ts'
import type { GlobalOptions } from './global-options.ts'
import type { Surroundings } from './surroundings.ts'
import { UsageError } from './usage-error.ts'

type StoreOptions = Pick<
  GlobalOptions,
  'cacert' | 'tlsClientCert' | 'insecureTls' | 'limitUpload' | 'limitDownload' | 'option'
>

const otherSchemes = /^(?:s3|sftp|b2|azure|gs|swift|rclone):/

/**
 * The store behind restic's way to name a repository.
 * @throws {UsageError} for a kind of place that can't be reached
 */
export async function openStore(
  location: string,
  { environment, workingFolder }: Surroundings,
  options: StoreOptions,
): Promise<ObjectStore> {
  const limits = limitsOf(options)
  if (location.startsWith('rest:')) {
    const connections = connectionsTo('rest', options.option)
    const certificates = options.cacert ?? environment.RESTIC_CACERT
    const ownCertificate = options.tlsClientCert ?? environment.RESTIC_TLS_CLIENT_CERT
    const url = withCredentials(location.slice('rest:'.length), environment)
    const read = (file: string) => readFile(path.resolve(workingFolder, file))
    return new RestStore(url, {
      ...(certificates ? { ca: await read(certificates) } : {}),
      ...(ownCertificate ? { clientCertificate: await read(ownCertificate) } : {}),
      ...(connections === undefined ? {} : { connections }),
      trustsAny: options.insecureTls ?? false,
      limits,
    })
  }
  const scheme = otherSchemes.exec(location)
  if (scheme)
    throw new UsageError(`repositories at ${scheme[0]} can't be reached; use a folder, or rest:https://…`)
  // The threads read and write as many files at once as there are threads; the number has to be one all the same.
  connectionsTo('local', options.option)
  const store = new LocalStore(path.resolve(workingFolder, location.replace(/^local:/, '')))
  return limits.uploads || limits.downloads ? limited(store, limits) : store
}

function limitsOf({ limitUpload, limitDownload }: StoreOptions): RateLimits {
  return {
    ...(limitUpload === undefined ? {} : { uploads: new RateLimit(limitUpload * 1024) }),
    ...(limitDownload === undefined ? {} : { downloads: new RateLimit(limitDownload * 1024) }),
  }
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
