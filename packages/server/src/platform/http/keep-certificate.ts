import { readFileSync } from 'node:fs'
import type { Server } from 'node:https'
import { createSecureContext } from 'node:tls'
import type { Log } from '../log.ts'

/** What renews certificates (Let's Encrypt's programs, say) only writes files; they are looked at this often. */
const lookEveryMs = 5_000

interface TlsFiles {
  readonly certificateFile: string
  readonly keyFile: string
}

export interface Pair {
  readonly cert: Buffer
  readonly key: Buffer
}

/** @throws when one of them can't be read */
export function readPair({ certificateFile, keyFile }: TlsFiles): Pair {
  return { cert: readFileSync(certificateFile), key: readFileSync(keyFile) }
}

/**
 * Takes up a renewed certificate: new connections get it, those that are open go on. The files are compared, not
 * watched, since renewals put symbolic links in place of others; and a certificate that has come without its key is
 * left alone until both fit.
 * @param shown what the server began with
 * @returns call it to stop
 */
export function keepCertificate(server: Server, files: TlsFiles, shown: Pair, log: Log): () => void {
  let seen = shown
  const timer = setInterval(() => {
    try {
      const pair = readPair(files)
      if (pair.cert.equals(seen.cert) && pair.key.equals(seen.key)) return
      seen = pair
      // Throws for what does not fit together, which the server would only notice at a connection.
      createSecureContext(pair)
      server.setSecureContext(pair)
      log.info('The renewed certificate is in use')
    } catch (error) {
      log.warn({ err: error }, 'The certificate on disk can’t be used; going on with the one before')
    }
  }, lookEveryMs)
  timer.unref()
  return () => clearInterval(timer)
}
