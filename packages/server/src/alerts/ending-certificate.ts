import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { AlertMessage, AlertSettings } from '@granary/contract'
import { type Condition, server } from './condition.ts'

const day = 24 * 60 * 60_000

export interface TlsFiles {
  readonly certificateFile: string
  readonly keyFile: string
}

/** The certificate this server shows: it ends soon, or what was put in its place can't be used. */
export async function endingCertificate(
  tls: TlsFiles | undefined,
  { certificateDays }: AlertSettings,
  now: number,
): Promise<Condition[]> {
  if (tls === undefined) return []
  const about = (message: AlertMessage): Condition[] => [{ kind: 'certificate-ending', ...server, message }]
  try {
    const certificate = new X509Certificate(await readFile(tls.certificateFile))
    if (!certificate.checkPrivateKey(createPrivateKey(await readFile(tls.keyFile)))) {
      return about({ code: 'certificate-mismatched' })
    }
    const endsAt = Date.parse(certificate.validTo)
    if (endsAt > now + certificateDays * day) return []
    return about(
      endsAt > now ? { code: 'certificate-ending', endsAt } : { code: 'certificate-ended', endedAt: endsAt },
    )
  } catch (error) {
    // Said like the others: one bad file must not keep every other alert from being told.
    const reason = error instanceof Error ? error.message : String(error)
    return about({ code: 'certificate-unreadable', reason })
  }
}
