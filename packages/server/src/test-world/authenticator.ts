import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

type Json = Record<string, unknown>

/**
 * A passkey in software, for what is tested past the browser: it registers and signs as WebAuthn says.
 * @see https://www.w3.org/TR/webauthn-3/, sections 6.1 and 6.5
 */
export class Authenticator {
  readonly #id = randomBytes(24)
  readonly #key: { publicKey: KeyObject; privateKey: KeyObject }
  readonly #origin: string
  #userHandle = ''
  #counter = 0

  /** @param origin of the page that it believes itself on */
  constructor(origin: string) {
    this.#origin = origin
    this.#key = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  }

  register(options: Json): Json {
    this.#userHandle = (options.user as { id: string }).id
    const { x = '', y = '' } = this.#key.publicKey.export({ format: 'jwk' })
    // COSE: an elliptic curve key for ES256 on P-256.
    const publicKey = Buffer.concat([
      Buffer.from('a50102032620012158', 'hex'),
      bytesOf(x),
      Buffer.from('2258', 'hex'),
      bytesOf(y),
    ])
    const idLength = Buffer.alloc(2)
    idLength.writeUInt16BE(this.#id.length)
    const credential = Buffer.concat([Buffer.alloc(16), idLength, this.#id, publicKey])
    const data = Buffer.concat([this.#data((options.rp as { id: string }).id, 0x45), credential])
    // CBOR: { fmt: "none", attStmt: {}, authData }
    const attestation = Buffer.concat([
      Buffer.from('a363666d74646e6f6e656761747453746d74a068617574684461746158', 'hex'),
      Buffer.from([data.length]),
      data,
    ])
    return this.#answer({
      clientDataJSON: this.#clientData('webauthn.create', options),
      attestationObject: attestation.toString('base64url'),
      transports: ['internal'],
    })
  }

  sign(options: Json): Json {
    this.#counter += 1
    const data = this.#data(String(options.rpId), 0x05)
    const clientData = this.#clientData('webauthn.get', options)
    const hash = createHash('sha256').update(Buffer.from(clientData, 'base64url')).digest()
    const signature = sign('sha256', Buffer.concat([data, hash]), this.#key.privateKey)
    return this.#answer({
      clientDataJSON: clientData,
      authenticatorData: data.toString('base64url'),
      signature: signature.toString('base64url'),
      userHandle: this.#userHandle,
    })
  }

  #data(rpId: string, flags: number): Buffer {
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(this.#counter)
    return Buffer.concat([createHash('sha256').update(rpId).digest(), Buffer.from([flags]), counter])
  }

  #clientData(type: string, options: Json): string {
    const { challenge } = options
    const data = { type, challenge, origin: this.#origin, crossOrigin: false }
    return Buffer.from(JSON.stringify(data)).toString('base64url')
  }

  #answer(response: Json): Json {
    const id = this.#id.toString('base64url')
    return { id, rawId: id, type: 'public-key', clientExtensionResults: {}, response }
  }
}

/** A coordinate, with its length before it. */
function bytesOf(coordinate: string): Buffer {
  return Buffer.concat([Buffer.from([0x20]), Buffer.from(coordinate, 'base64url')])
}
