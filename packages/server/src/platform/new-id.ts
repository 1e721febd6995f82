import { randomUUIDv7 } from 'node:crypto'

const prefixes = {
  reseller: 'res',
  customer: 'cus',
  client: 'cli',
  waitingClient: 'wtg',
  user: 'usr',
  apiKey: 'key',
  session: 'ses',
  passkey: 'psk',
  alert: 'alr',
  warning: 'wrn',
  webhook: 'whk',
  event: 'evt',
  job: 'job',
  deletion: 'del',
  undeletion: 'und',
  storageLocation: 'loc',
} as const

/**
 * A new ID, such as `cus_01a20c835c14715daa2faafd0d9a77d2`: it says of what kind and begins with the time. Not only
 * for people who read logs: accounts of space and MCALs lie in the database in the order of their owners' IDs, so
 * those of all customers lie side by side, and a list of customers reads a few hundred kilobytes instead of looking
 * all over the file.
 */
export function newId(kind: keyof typeof prefixes): string {
  return `${prefixes[kind]}_${randomUUIDv7().replaceAll('-', '')}`
}
