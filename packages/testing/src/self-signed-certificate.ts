import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'

/** A certificate and its key, as a server is given them. */
export interface CertificateFiles {
  readonly certificateFile: string
  readonly keyFile: string
}

/**
 * Writes a certificate for 127.0.0.1 and localhost, signed by itself, and its key: over what was there, as renewing
 * does. Built here byte by byte, as Node reads certificates but makes none.
 * @param endsAt epoch milliseconds, before 2050
 * @see RFC 5280, section 4.1
 */
export async function writeCertificate(
  folder: string,
  { endsAt }: { endsAt: number },
): Promise<CertificateFiles> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const publicKeyInfo = publicKey.export({ type: 'spki', format: 'der' })
  const signedBy = sequence(objectId('2a8648ce3d040302'))
  const name = sequence(set(sequence(objectId('550403'), tagged(0x0c, Buffer.from('localhost')))))
  const names = sequence(tagged(0x82, Buffer.from('localhost')), tagged(0x87, Buffer.from([127, 0, 0, 1])))
  const serial = Buffer.concat([Buffer.from([1]), randomBytes(8)])
  const body = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))),
    tagged(0x02, serial),
    signedBy,
    name,
    sequence(time(Math.min(endsAt, Date.now()) - 86_400_000), time(endsAt)),
    name,
    publicKeyInfo,
    tagged(0xa3, sequence(sequence(objectId('551d11'), tagged(0x04, names)))),
  )
  const signature = sign('sha256', body, privateKey)
  const certificate = sequence(body, signedBy, tagged(0x03, Buffer.concat([Buffer.from([0]), signature])))
  const files = {
    certificateFile: path.join(folder, 'certificate.pem'),
    keyFile: path.join(folder, 'certificate-key.pem'),
  }
  await writeFile(files.keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
  const lines = certificate.toString('base64').replace(/.{64}/g, '$&\n')
  await writeFile(files.certificateFile, `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`)
  return files
}

function tagged(tag: number, content: Uint8Array): Buffer {
  const { length } = content
  const lengthBytes =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...lengthBytes]), content])
}

function sequence(...parts: readonly Uint8Array[]): Buffer {
  return tagged(0x30, Buffer.concat(parts))
}

function set(...parts: readonly Uint8Array[]): Buffer {
  return tagged(0x31, Buffer.concat(parts))
}

function objectId(hex: string): Buffer {
  return tagged(0x06, Buffer.from(hex, 'hex'))
}

/** `261125120000Z` */
function time(at: number): Buffer {
  const digits = new Date(at).toISOString().replace(/\D/g, '').slice(2, 14)
  return tagged(0x17, Buffer.from(`${digits}Z`))
}
