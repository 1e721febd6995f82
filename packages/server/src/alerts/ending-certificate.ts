import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { AlertSettings } from '@granary/contract'
import { type Condition, dateOf, server } from './condition.ts'

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
  const about = (text: string): Condition[] => [{ kind: 'certificate-ending', ...server, text }]
  try {
    const certificate = new X509Certificate(await readFile(tls.certificateFile))
    if (!certificate.checkPrivateKey(createPrivateKey(await readFile(tls.keyFile)))) {
      return about(
        'The server’s certificate does not belong to its private key, so the server goes on with the one before. Put both in place.',
      )
    }
    const endsAt = Date.parse(certificate.validTo)
    if (endsAt > now + certificateDays * day) return []
    const date = dateOf(endsAt)
    // Two whole sentences: the console says each in its language.
    return about(
      endsAt > now
        ? `The server’s certificate ends on ${date}. Renew it, or clients will refuse to connect; the server takes up the new files by itself.`
        : `The server’s certificate ended on ${date}. Renew it, or clients will refuse to connect; the server takes up the new files by itself.`,
    )
  } catch (error) {
    // Said like the others: one bad file must not keep every other alert from being told.
    const reason = error instanceof Error ? error.message : String(error)
    return about(
      `The server’s certificate can’t be read, so the server goes on with the one before: ${reason}`,
    )
  }
}
