/** Texts about a client's own page. */

const count = new Intl.NumberFormat('en')
const many = (amount: number, one: string, more: string) =>
  `${count.format(amount)} ${amount === 1 ? one : more}`

export const versions = {
  title: 'Versions',
  one: 'Version',
  what: 'versions',
  amount: (amount: number) => many(amount, 'version', 'versions'),
  receivedAt: 'Received',
  duration: 'Took',
  seconds: 'Took (seconds)',
  addedObjects: 'Objects added',
  addedBytes: 'Bytes added',
  addedBytesCsv: 'Added (bytes)',
  emptyTitle: 'No versions yet',
  emptyText: 'Each backup that ends well leaves one here. What is in it, only the machine can read.',
}

export const moving = {
  action: 'Move to Another Customer',
  title: (name: string) => `Move ${name} to another customer`,
  text: (bytes: string, customer: string) =>
    `The client moves with its ${bytes} and its credentials, and goes on backing up at the address it knows. MCALs it has drawn stay with ${customer}; it keeps its right to the end of the month.`,
  to: 'Customer it moves to',
  same: 'It belongs to this customer already.',
  unlimited: (name: string) => `${name} is not restricted.`,
  fits: (name: string, left: string) => `${name} has room for it: ${left} are left.`,
  tooLittle: (name: string, left: string) => `${name} has too little room: ${left} are left.`,
  move: 'Move',
  moved: (name: string, customer: string) => `${name} is a client of ${customer} now.`,
}

export const space = {
  title: 'Disk Space & Client Management',
  what: 'all levels',
  found: (amount: number) => many(amount, 'match', 'matches'),
  under: (name: string) => `Under ${name}`,
  level: 'Level',
  levels: { resellers: 'Reseller', customers: 'Customer', clients: 'Client' },
  allottedBelowBytes: 'Allotted below it (bytes)',
  name: 'Name',
  allottedBelow: 'Allotted below it',
  mcalsUsed: 'MCALs used',
  overAllotted: 'More is allotted below it than it has: uploads stop where it is full.',
  editSpace: (name: string) => `Allotted Space of ${name}`,
  editMcals: (name: string) => `MCALs of ${name}`,
  spaceAllotted: (name: string, amount: string) => `Allotted Space of ${name}: ${amount}.`,
  mcalsAllotted: (name: string, amount: string) => `MCALs of ${name}: ${amount}.`,
}
