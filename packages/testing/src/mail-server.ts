import type { AddressInfo } from 'node:net'
import PostalMime from 'postal-mime'

/** A mail as its reader gets it. */
export interface ReceivedMail {
  readonly from: { readonly name: string; readonly address: string }
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly headers: Readonly<Record<string, string>>
  /** Every link in its text */
  readonly links: readonly string[]
}

/** A real mail server on loopback that keeps what it is given. */
export interface MailServer extends AsyncDisposable {
  readonly port: number
  readonly mails: ReceivedMail[]
  /** Makes it refuse what comes next, as a server in trouble does. */
  refuseWith(message: string): void
  /** The newest mail to an address. @throws when there is none */
  to(address: string): ReceivedMail
}

/** @param options.account what has to be signed in with; nothing by default */
export async function startMailServer(
  options: { account?: { user: string; password: string }; port?: number } = {},
): Promise<MailServer> {
  const mails: ReceivedMail[] = []
  const { account } = options
  // Loaded here: it takes long, and most tests have no need of it.
  const { SMTPServer } = await import('smtp-server')
  let refusal: string | null = null
  const server = new SMTPServer({
    authOptional: account === undefined,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth(auth, _session, callback) {
      const isRight = auth.username === account?.user && auth.password === account?.password
      callback(isRight ? null : new Error('Wrong user or password'), { user: auth.username })
    },
    onMailFrom(_address, _session, callback) {
      callback(refusal === null ? null : Object.assign(new Error(refusal), { responseCode: 451 }))
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        read(Buffer.concat(chunks), session.envelope.rcptTo[0]?.address ?? '').then((mail) => {
          mails.push(mail)
          callback()
        }, callback)
      })
    },
  })
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    refuseWith(message) {
      refusal = message
    },
    to(address) {
      const mail = mails.findLast((each) => each.to === address)
      if (!mail)
        throw new Error(`No mail to ${address}; there are some to ${mails.map(({ to }) => to).join(', ')}`)
      return mail
    },
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

async function read(raw: Buffer, to: string): Promise<ReceivedMail> {
  const mail = await PostalMime.parse(raw)
  const text = mail.text ?? ''
  return {
    from: { name: mail.from?.name ?? '', address: mail.from?.address ?? '' },
    to,
    subject: mail.subject ?? '',
    text,
    html: mail.html ?? '',
    headers: Object.fromEntries(mail.headers.map(({ key, value }) => [key, value])),
    links: text.match(/https?:\/\/\S+/g) ?? [],
  }
}
