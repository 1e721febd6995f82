/** A machine that backs up again and again with the stock restic. */
export interface MachineKind {
  readonly customer: string
  readonly clientId: string
  readonly kind: 'workstation' | 'server'
  /** What it holds at the beginning */
  readonly startBytes: number
  /** How much of it changes or comes new between two backups */
  readonly changeBytes: number
  readonly space?: { readonly allottedBytes: number }
  /** After its first backup it is silent, and so overdue. */
  readonly isSilent?: boolean
}

const kB = 1000
const MB = 1000 * kB

export const reseller = 'Lakeside IT'

/** Customers of the reseller; what they hold comes near a limit here and there. */
export const customers = [
  { name: 'Bakery Huber', space: undefined },
  { name: 'City Clinic', space: { allottedBytes: 14 * MB } },
  { name: 'Harbour Law Office', space: undefined },
  { name: 'Old Mill Hotel', space: undefined },
] as const

/** In the trash from the first start on, to be undeleted. */
export const deletedCustomer = 'Old Mill Hotel'

/** Knocks at a customer that lets nobody in by itself, under an ID nobody has added. */
export const stranger = {
  customer: 'Harbour Law Office',
  clientId: 'kiosk-7',
  secret: 'not-the-right-secret',
}

export const machines: readonly MachineKind[] = [
  machine('Bakery Huber', 'till-huber', 1 * MB, 60 * kB),
  machine('Bakery Huber', 'office-huber', 3 * MB, 150 * kB),
  { ...machine('City Clinic', 'files-clinic', 8 * MB, 120 * kB), kind: 'server' },
  // It is refused as soon as it has a little more.
  { ...machine('City Clinic', 'xray-clinic', 4 * MB, 90 * kB), space: { allottedBytes: 4.4 * MB } },
  machine('Harbour Law Office', 'desk-harbour', 2 * MB, 200 * kB),
  { ...machine('Harbour Law Office', 'laptop-harbour', 1 * MB, 0), isSilent: true },
  machine('Old Mill Hotel', 'desk-mill', 2 * MB, 0),
]

function machine(customer: string, clientId: string, startBytes: number, changeBytes: number): MachineKind {
  return { customer, clientId, kind: 'workstation', startBytes, changeBytes }
}
