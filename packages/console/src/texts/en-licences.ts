/** Texts about the waiting room, MCALs, trials and the server's settings. */

const count = new Intl.NumberFormat('en')
const many = (amount: number, one: string, more: string) =>
  `${count.format(amount)} ${amount === 1 ? one : more}`

export const waitingRoom = {
  title: 'Waiting room',
  titleOf: (name: string) => `Waiting room of ${name}`,
  what: 'the waiting room',
  amount: (amount: number) => `${count.format(amount)} waiting`,
  someWait: (amount: number) => `${many(amount, 'client waits', 'clients wait')} to be let in`,
  address: 'Address',
  reason: 'Why it waits',
  reasons: {
    'auto-authorization-off': 'Brought the pass key; auto authorization is off',
    'deleted-before': 'Brought the pass key; a client with this ID was deleted',
    'client-id-elsewhere': 'Brought the pass key; the ID belongs to another client',
    'pass-key-wrong': 'Brought a wrong pass key',
    'pass-key-missing': 'Came without a pass key',
  },
  states: { waiting: 'Waiting', refused: 'Refused' },
  firstAttempt: 'First attempt',
  lastAttempt: 'Last attempt',
  admit: 'Admit',
  admitTo: 'Admit as …',
  refuse: 'Refuse',
  refusedAlready: 'It is refused already.',
  admitTitle: (amount: number, first: string) =>
    amount === 1 ? `Admit ${first}?` : `Admit ${amount} clients?`,
  who: (clientId: string, address: string, customer: string) => `${clientId} from ${address}, at ${customer}`,
  unprovenTitle: 'Not everybody here brought the pass key',
  unprovenText:
    'Anybody who knows the address of the vault could have come like this. Admit a machine only if you know that it is the one that tried, from the address shown.',
  toCustomer: 'Customer it becomes a client of',
  toOwnCustomers: 'Left empty, each becomes a client of the customer it came to.',
  admitted: (name: string) => `${name} is let in. Its next attempt succeeds.`,
  bulkAdmitted: (amount: number) => `${many(amount, 'client is', 'clients are')} let in.`,
  refused: (name: string) => `${name} is refused. It stays under “Refused”.`,
  bulkRefused: (amount: number) => `${many(amount, 'client is', 'clients are')} refused.`,
  emptyTitle: 'Nobody waits',
  emptyText:
    'Machines with an unknown ID that try to back up and are not let in by auto authorization show here, with the reason.',
}

export const licences = {
  title: 'License Management',
  titleOf: (name: string) => `MCALs of ${name}`,
  statement: 'Monthly statement',
  history: 'Utilization history',
  allotments: 'Allotments',
  left: 'MCALs left',
  usedIn: (month: string) => `Used in ${month}`,
  expected: 'Still expected this month',
  usedLastMonth: 'Used last month',
  byMonth: 'MCALs by month',
  month: 'Month',
  opening: 'Opening',
  added: 'Added',
  used: 'Used',
  closing: 'Closing',
  at: 'When',
  units: 'MCALs',
  reason: 'Drawn at',
  reasons: { 'first-backup': 'First backup of the month', 'kind-change': 'Change of kind' },
  leftInPool: 'Left in the pool',
  leftAtReseller: 'Left at the reseller',
  leftAtCustomer: 'Left at the customer',
  leftBefore: 'Left before',
  leftAfter: 'Left after',
  note: 'Note',
  noteHint: 'Where they come from, such as an order.',
  by: 'By',
  draws: 'draws by client ID',
  drawAmount: (amount: number) => many(amount, 'draw', 'draws'),
  notes: 'notes',
  allotmentAmount: (amount: number) => many(amount, 'allotment', 'allotments'),
  noDraws: 'No MCALs drawn yet',
  noDrawsText: 'A client draws its MCALs at its first backup of each month.',
  noAllotments: 'No MCALs allotted yet',
  noAllotmentsText: 'Without a number, clients draw as many MCALs as they require.',
  addMcals: 'Add MCALs',
  poolActions: 'More about the pool',
  unlimitPool: 'Let the pool be without a number',
  poolUnlimited: 'The pool has no number any more: clients draw as many MCALs as they require.',
  poolBegins:
    'The pool has no number yet: clients draw as many MCALs as they require. From here on they draw from what you add.',
  poolHas: (left: number) => `${many(left, 'MCAL is', 'MCALs are')} left in the pool.`,
  unitsHint: 'Below zero takes some back.',
  leftThen: (left: string) => `Left then: ${left}`,
  addedTold: (left: number) => `The pool has ${many(left, 'MCAL', 'MCALs')} left.`,
  shortTitle: (short: number) => `${many(short, 'MCAL is', 'MCALs are')} missing to last the month`,
  shortText: (expected: number, left: number) =>
    `Should as many clients back up as last month, they will draw ${count.format(expected)} more, and ${count.format(left)} are left. Clients that have not drawn by then are refused; restores go on.`,
}

export const serverSettings = {
  title: 'Settings',
  server: 'Server',
  resellerManagement: 'Reseller management',
  resellerManagementLabel: 'Manage resellers',
  resellerManagementText:
    'Off: customers hang directly under the server, and nothing shows resellers. What there is of them stays, with its limits, and is there again when this is on.',
  space: 'Space',
  overAllottingLabel: 'Allow allotting more than there is',
  overAllottingText:
    'On: more may be allotted below a level than it has, with a warning; uploads stop where the level is full. Off: such a limit is refused.',
  trial: 'Trial clients',
  trialText:
    'A trial client draws no MCALs. When its trial ends it is deactivated, and later its data goes into the trash.',
  trialDays: 'Days a trial lasts',
  trialKeepDays: 'Days its data stays after that',
  saved: 'The settings are saved.',
}

export const trials = {
  trial: 'Trial',
  begin: 'Begin as a trial',
  beginText: 'It draws no MCALs until its trial ends.',
  until: 'Trial until',
  untilHint: (date: string) => `Its data goes into the trash on ${date}, should it stay a trial.`,
  makeRegularText: 'From its next backup on it draws MCALs.',
  ended: 'Trial ended',
  endsIn: 'Trial ends',
  forNew: 'New clients begin as trials',
  ownDays: 'Days a trial lasts',
  ownKeepDays: 'Days its data stays after that',
  asServer: 'Left empty: as in Settings.',
}
