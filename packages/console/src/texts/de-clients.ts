import type { Translation } from './translation.ts'

const count = new Intl.NumberFormat('de')
const many = (amount: number, one: string, more: string) =>
  `${count.format(amount)} ${amount === 1 ? one : more}`

export const versions: Translation['versions'] = {
  title: 'Versionen',
  one: 'Version',
  what: 'Versionen',
  amount: (amount) => many(amount, 'Version', 'Versionen'),
  receivedAt: 'Empfangen',
  duration: 'Dauer',
  seconds: 'Dauer (Sekunden)',
  addedObjects: 'Neue Objekte',
  addedBytes: 'Neue Daten',
  addedBytesCsv: 'Neue Daten (Bytes)',
  emptyTitle: 'Noch keine Versionen',
  emptyText:
    'Jedes Backup, das gut endet, hinterlässt hier eine. Was darin ist, kann nur die Maschine lesen.',
}

export const moving: Translation['moving'] = {
  action: 'Zu anderem Kunden verschieben',
  title: (name) => `${name} zu einem anderen Kunden verschieben`,
  text: (bytes, customer) =>
    `Der Client zieht mit seinen ${bytes} und seinen Zugangsdaten um und sichert weiter an die Adresse, die er kennt. Verbrauchte MCALs bleiben bei ${customer}; sein Recht gilt bis zum Monatsende.`,
  to: 'Kunde, zu dem er zieht',
  same: 'Er gehört schon zu diesem Kunden.',
  unlimited: (name) => `${name} ist nicht begrenzt.`,
  fits: (name, left) => `${name} hat Platz dafür: ${left} sind frei.`,
  tooLittle: (name, left) => `${name} hat zu wenig Platz: ${left} sind frei.`,
  move: 'Verschieben',
  moved: (name, customer) => `${name} ist jetzt ein Client von ${customer}.`,
}

export const space: Translation['space'] = {
  title: 'Speicher- und Clientverwaltung',
  what: 'Alle Ebenen',
  found: (amount) => many(amount, 'Treffer', 'Treffer'),
  under: (name) => `Unter ${name}`,
  level: 'Ebene',
  levels: { resellers: 'Reseller', customers: 'Kunde', clients: 'Client' },
  allottedBelowBytes: 'Darunter zugeteilt (Bytes)',
  name: 'Name',
  allottedBelow: 'Darunter zugeteilt',
  mcalsUsed: 'MCALs verbraucht',
  overAllotted: 'Darunter ist mehr zugeteilt, als es hat: Uploads enden, wo es voll ist.',
  editSpace: (name) => `Zugeteilter Speicher von ${name}`,
  editMcals: (name) => `MCALs von ${name}`,
  spaceAllotted: (name, amount) => `Zugeteilter Speicher von ${name}: ${amount}.`,
  mcalsAllotted: (name, amount) => `MCALs von ${name}: ${amount}.`,
}
