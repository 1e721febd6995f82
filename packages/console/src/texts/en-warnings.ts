/** Texts about warning signs and damaged objects. */

const count = new Intl.NumberFormat('en')
const many = (amount: number, one: string, more: string) =>
  `${count.format(amount)} ${amount === 1 ? one : more}`

export const warnings = {
  mark: 'Warning signs',
  banner: 'Warning signs of this client',
  title: 'This client shows signs of an attack or an accident',
  frozenText:
    'Its trash is frozen: nothing of it is purged until somebody releases it. If you did not expect this, deactivate the client or reset its credentials, and put its vault back.',
  signs: {
    'new-bytes': 'Far more new data than usual',
    'deduplication-lost': 'As much new data as the vault held, as when all files are encrypted',
    'data-removed': 'Most of the data was removed',
    'versions-removed': 'Nearly all versions were removed',
    'repository-stripped': 'Config, keys or index of the repository are gone',
    'version-flood': 'A flood of versions',
    'clock-skew': 'Its clock is wrong',
  },
  sized: (observed: string, usual: string, held: string) =>
    `${observed}; usual are ${usual}. The vault held ${held} before.`,
  counted: (observed: number, usual: number, held: number) =>
    `${many(observed, 'version', 'versions')}; usual are ${count.format(usual)}. The vault held ${count.format(held)} before.`,
  stripped: 'Without them nothing can be restored.',
  clock: (duration: string, isAhead: boolean) =>
    `${duration} ${isAhead ? 'ahead of' : 'behind'} the server’s clock. Retention by time may remove what should stay.`,
  since: 'since',
  putBack: 'Put back to before this',
  release: 'Release',
  releaseTitle: (name: string) => `Release the trash of ${name}?`,
  releaseText:
    'Undelete windows go on; what has passed its end meanwhile is purged in three days at the earliest. The warning signs are closed.',
  reason: 'Reason',
  reasonHint: 'May be empty. Stands in the audit log.',
  expected: 'This is usual for this client from now on: no alarm for as much again',
  released: (name: string) => `The trash of ${name} is released.`,
  keptUntil: 'Released. Nothing is purged before',
  activity: 'What it stored and removed, day by day',
  stored: 'Stored',
  removed: 'Removed',
  usualStored: 'Usually stored',
  lastDay: 'Last day with a backup',
  usualDay: 'A usual day',
  learning: (days: number, needed: number) =>
    `Known so far: ${many(days, 'day', 'days')} with backups. From ${count.format(needed)} on, what it does is compared with what is usual for it.`,
  off: 'Warning signs are switched off for this client.',
  attention: 'Attention',
  attentionAll: 'Attention: all',
  attentionWarning: 'With warning signs',
  attentionDamage: 'With damage',
  frozen: 'frozen',
  frozenTitle: (name: string) => `Why ${name} is frozen`,
  frozenBy:
    'These clients show warning signs. What was deleted with them is purged only when each of them has been released.',
  noneFrozen: 'No client is frozen any more.',
  showFrozen: 'Why it is frozen…',
  frozenHint: 'The client shows warning signs: nothing is purged until its trash is released.',
}

export const damage = {
  title: 'Damaged Objects',
  banner: 'Damaged objects of this client',
  what: 'damaged objects',
  amount: (amount: number) => many(amount, 'object', 'objects'),
  found: (objects: number) =>
    `${many(objects, 'stored object is', 'stored objects are')} missing or not as received`,
  advice:
    'Good copies are looked for at each scrub (GRANARY_COPIES). Without one, on the machine: “restic repair packs” with the names of those with wrong bytes, “restic repair index --read-all-packs” where some are missing, and then “restic backup --force”, which stores anew what is still there.',
  show: 'Show them',
  object: 'Object',
  client: 'Client',
  damage: 'Damage',
  kinds: { missing: 'Missing', 'wrong-size': 'Wrong size', 'wrong-bytes': 'Wrong bytes' },
  foundAt: 'Found',
  healed: 'Healed',
  healedFrom: 'Healed from',
  state: 'How it stands',
  states: { damaged: 'Damaged', healed: 'Healed', removed: 'Removed since' },
  emptyTitle: 'Nothing is damaged',
  emptyText: 'Every stored object is read again within thirty days and compared with what was received.',
  round: (share: string) => `This round of the scrub has read ${share} of what is stored.`,
  roundBegan: 'Begun',
  lastRound: 'The last round ended',
  noCopies: 'The server has no copies to heal from (GRANARY_COPIES).',
}
