import { z } from 'zod'
import type { CodeWithParameters, TextsLike } from './coded-texts.ts'

/**
 * What can be wrong with a field, in English. Programs and other languages go by the code and its parameters.
 */
export const faultsInEnglish = {
  // What any field may lack
  'too-short': ({ minimum }: { minimum: number }) => `At least ${minimum} characters.`,
  'too-long': ({ maximum }: { maximum: number }) => `At most ${maximum} characters.`,
  'below-zero': () => 'Not below zero.',
  'too-small': ({ minimum }: { minimum: number }) => `At least ${minimum}.`,
  'too-big': ({ maximum }: { maximum: number }) => `At most ${maximum}.`,
  'too-few': ({ minimum }: { minimum: number }) => `At least ${minimum} of them.`,
  'too-many': ({ maximum }: { maximum: number }) => `At most ${maximum} of them.`,
  'wrong-type': ({ expected }: { expected: string }) => `It takes: ${expected}.`,
  'wrong-format': ({ format }: { format: string }) => `Not in the format it takes: ${format}.`,
  'not-offered': ({ offered }: { offered: string }) => `One of: ${offered}.`,
  'no-such-field': () => 'There is no such field.',
  'not-taken': () => 'It does not take this.',
  'email-address': () => 'An email address.',
  'web-address': () => 'An address such as https://backup.example.com.',
  // What some fields ask for
  'name-needed': () => 'A name is needed.',
  'client-id-needed': () => 'A client ID is needed.',
  'reason-needed': () => 'A reason is needed.',
  'image-needed': () => 'An image.',
  'whole-bytes': () => 'Whole bytes.',
  'whole-mcals': () => 'Whole MCALs.',
  'whole-days': () => 'Whole days.',
  'whole-per-cent': () => 'Whole per cent.',
  'too-few-days': ({ minimum }: { minimum: number }) =>
    minimum === 1 ? 'At least one day.' : `At least ${minimum} days.`,
  'too-many-days': ({ maximum }: { maximum: number }) => `At most ${maximum} days.`,
  zero: () => 'Not zero.',
  'invisible-characters': () => 'No control or invisible characters.',
  'control-characters': () => 'No control characters.',
  'nul-characters': () => 'No NUL characters.',
  'not-unicode': () => 'Not valid Unicode.',
  'several-lines': () => 'One line only.',
  'not-a-client-id': () => 'Letters, digits, ".", "_" and "-" only.',
  'dots-alone': () => 'Not dots alone.',
  'not-a-url-key': () => 'Lower-case letters and digits, joined by "-".',
  'not-a-location': () => 'Lower-case letters, digits and "-" only.',
  'not-a-sender': () => 'No addresses, and none of @ < > ".',
  'not-a-colour': () => 'A colour such as #2563eb.',
  'not-a-month': () => 'A month such as 2026-11.',
  'not-a-snapshot': () => 'The snapshot’s whole ID: 64 hexadecimal digits.',
  'not-a-host-name': () =>
    'A host name such as backup.example.com, without port; international ones as xn--….',
  'not-a-host': () => 'A host name or address.',
  'has-a-path': () => 'Without a path.',
  'has-a-user': () => 'Without a user and password; deliveries are signed.',
  'kind-of-client': () => 'A kind of client has this name.',
  'plugin-twice': () => 'Each plug-in once.',
  // Logos
  'not-base64': () => 'In base 64.',
  'logo-too-large': () => 'At most 256 kB.',
  'not-an-image': () =>
    'Not a PNG, JPEG or WebP image. SVG is not taken, as it can carry scripts: export it as PNG.',
  'too-many-pixels': (of: { width: number; height: number; most: number }) =>
    `It is ${of.width} × ${of.height} pixels; at most ${of.most} each way.`,
  'image-ends-early': () => 'This image is broken: it ends early.',
  'image-broken': ({ reason }: { reason: string }) => `This image is broken: ${reason}`,
  // What the server finds besides
  'no-body-taken': () => 'This address takes no body.',
  'not-an-object': () => 'The body is a JSON object.',
  'not-a-form': () => 'Not a form of its Content-Type.',
  'nested-too-deeply': () => 'Nested too deeply.',
  'wrong-host': () => 'Not a host name.',
  'not-one-click': () => 'Has to be One-Click.',
  'role-of-another-level': ({ level }: { level: string }) => `A role at the level of the ${level}.`,
  'place-of-server-role': () => 'A server role belongs to the server: leave it out.',
  'reseller-needed': () => 'The ID of the reseller is needed.',
  'customer-needed': () => 'The ID of the customer is needed.',
  'user-of-tenant': () => 'It belongs to a user of a reseller or customer.',
  'client-of-provider-needed': () => 'The provider knows this server by it.',
  'in-the-past': () => 'It lies in the past.',
  'beyond-own-key': () => 'No later than the API key with which it is made.',
  'not-in-the-past': () => 'A time in the past, by the server’s clock.',
  'not-in-the-future': () => 'It has to end in the future.',
  'sender-needed': () => 'An address to send from is needed.',
  'console-address-needed': () => 'The address of the console is needed for links in mails.',
  'host-of-reseller': () => 'This is the host name of a reseller.',
  'no-such-location': ({ location }: { location: string }) => `There is no storage location ${location}.`,
} as const

export type FaultCode = keyof typeof faultsInEnglish

/** A language's sentence for each code. */
export type FaultTexts = TextsLike<typeof faultsInEnglish>

/** What is wrong with a field, with what differs from case to case. */
export type Fault = CodeWithParameters<typeof faultsInEnglish>

/** A fault at its field, as the API tells it. */
export const fieldFault = z
  .object({
    path: z.string().describe('`space.allottedBytes`; empty for the whole body'),
    message: z.string().describe('What the field takes, in an English sentence'),
    code: z.enum(Object.keys(faultsInEnglish) as [FaultCode, ...FaultCode[]]),
    parameters: z.record(z.string(), z.union([z.string(), z.number()])).describe('What the sentence names'),
  })
  .meta({ id: 'FieldFault' })
export type FieldFault = z.infer<typeof fieldFault>

export function atField(path: string, { code, ...parameters }: Fault): FieldFault {
  return { path, message: sayFault(faultsInEnglish, { code, ...parameters } as Fault), code, parameters }
}

/** What is wrong, in a language. */
export function sayFault(texts: FaultTexts, { code, ...parameters }: Fault): string {
  return (texts[code] as (of: object) => string)(parameters)
}

/** What a schema says of a field where its kind of check does not tell: stands where Zod takes a message. */
export const fault = <Code extends FaultCode>(code: Code): Code => code

const isCode = (message: string): message is FaultCode => Object.hasOwn(faultsInEnglish, message)

/** What an issue of Zod means: by the code its schema gives it, or by the check that found it. */
export function faultOf(issue: z.core.$ZodIssue): Fault {
  if (isCode(issue.message)) return { code: issue.message, ...figuresOf(issue) } as Fault
  switch (issue.code) {
    case 'too_small':
      return tooSmall(issue.origin, Number(issue.minimum))
    case 'too_big':
      return tooBig(issue.origin, Number(issue.maximum))
    case 'invalid_type':
      return { code: 'wrong-type', expected: issue.expected }
    case 'invalid_format':
      if (issue.format === 'email') return { code: 'email-address' }
      if (issue.format === 'url') return { code: 'web-address' }
      return { code: 'wrong-format', format: issue.format }
    case 'invalid_value':
      return { code: 'not-offered', offered: issue.values.map(String).join(', ') }
    case 'unrecognized_keys':
      return { code: 'no-such-field' }
    default:
      return { code: 'not-taken' }
  }
}

function tooSmall(origin: string, minimum: number): Fault {
  if (origin === 'string') return { code: 'too-short', minimum }
  if (origin === 'array' || origin === 'set') return { code: 'too-few', minimum }
  return minimum === 0 ? { code: 'below-zero' } : { code: 'too-small', minimum }
}

function tooBig(origin: string, maximum: number): Fault {
  if (origin === 'string') return { code: 'too-long', maximum }
  return { code: origin === 'array' || origin === 'set' ? 'too-many' : 'too-big', maximum }
}

/** What an issue names besides, for the sentences that say it. */
function figuresOf(issue: z.core.$ZodIssue): Record<string, unknown> {
  if (issue.code === 'too_small') return { minimum: Number(issue.minimum) }
  if (issue.code === 'too_big') return { maximum: Number(issue.maximum) }
  return issue.code === 'custom' ? { ...issue.params } : {}
}
