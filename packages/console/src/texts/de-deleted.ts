import type { Translation } from './translation.ts'

const count = new Intl.NumberFormat('de')
const many = (amount: number, one: string, more: string) =>
  `${count.format(amount)} ${amount === 1 ? one : more}`

export const deleted: Translation['deleted'] = {
  title: 'Bericht über gelöschte Clients und Backups',
  what: 'Löschbericht',
  amount: (amount) => many(amount, 'Löschung', 'Löschungen'),
  askedAt: 'Gelöscht',
  doneAt: 'Erledigt',
  subject: 'Was',
  name: 'Name',
  parentPath: 'Unter',
  objects: 'Objekte',
  versions: 'Versionen',
  size: 'Größe',
  sizeBytes: 'Größe (Bytes)',
  by: 'Von',
  byKinds: { client: 'der Client selbst', user: 'Benutzer', 'api-key': 'API-Schlüssel', policy: 'Regel' },
  address: 'Adresse',
  outcome: 'Stand',
  reason: 'Grund',
  until: 'Im Papierkorb bis',
  anyKind: 'Was: alles',
  anyState: 'Zustand: alle',
  kinds: {
    reseller: 'Reseller',
    customer: 'Kunde',
    client: 'Client',
    versions: 'Versionen',
    objects: 'Aufgeräumte Daten',
    'put-back': 'Vor dem Zurücksetzen hinzugekommen',
  },
  states: {
    'in-trash': 'Im Papierkorb',
    partly: 'Teils im Papierkorb',
    moved: 'Inhalt verschoben',
    restored: 'Zurückgeholt',
    purged: 'Endgültig entfernt',
    refused: 'Abgewiesen',
  },
  reseller: (customers, clients) =>
    `Reseller mit ${many(customers, 'Kunde', 'Kunden')} und ${many(clients, 'Client', 'Clients')}`,
  customer: (clients) => `Kunde mit ${many(clients, 'Client', 'Clients')}`,
  client: (versions) => `Client mit ${many(versions, 'Version', 'Versionen')}`,
  versionsRemoved: (versions) => `${many(versions, 'Version', 'Versionen')} entfernt`,
  pruned: (size, versions) =>
    versions === 0
      ? `Aufräumen gab ${size} frei`
      : `${many(versions, 'Version', 'Versionen')} und ${size} aufgeräumt`,
  added: (objects) => `${many(objects, 'Objekt', 'Objekte')} seither hinzugekommen, herausgenommen`,
  waiting: (name) => `${name} will es endgültig entfernen; eine zweite Person muss zustimmen.`,
  underWay: 'Es wird gerade endgültig entfernt.',
  undelete: 'Zurückholen',
  undeleteTitle: (name) => `${name} zurückholen?`,
  undeleteText: {
    reseller: 'Der Reseller kommt mit seinen Kunden, Clients, Versionen, Zugangsdaten und Grenzen zurück.',
    customer: 'Der Kunde kommt mit seinen Clients, Versionen, Zugangsdaten und Grenzen zurück.',
    client: 'Der Client kommt mit seinem Vault, seinen Versionen, Zugangsdaten und Grenzen zurück.',
    objects: 'Alles Entfernte kommt genau so, wie es war, in den Vault zurück und wird geprüft.',
  },
  newName: 'Zurückholen als',
  newNameHint: 'Nur, wenn der Name inzwischen vergeben ist.',
  undone: (name) => `${name} ist wieder da und wird geprüft.`,
  purge: 'Endgültig entfernen',
  purgeTitle: (name) => `${name} endgültig entfernen?`,
  purgeText: (size) =>
    `${size} werden entfernt, bevor die Rückholfrist endet. Niemand kann sie dann zurückholen, auch der Anbieter nicht.`,
  purgeReason: 'Grund',
  purgeReasonHint: 'Steht in diesem Bericht und im Auditprotokoll.',
  purgeAsked: 'Jetzt muss eine zweite Person zustimmen.',
  purging: (name) => `${name} wird endgültig entfernt.`,
  emptyTitle: 'Nichts wurde gelöscht',
  emptyText:
    'Was Clients aufräumen und was hier gelöscht wird, steht in diesem Bericht und lässt sich zurückholen, solange es im Papierkorb liegt.',
  putBack: 'Den Vault auf einen Zeitpunkt zurücksetzen',
  putBackTitle: (clientId) => `${clientId} auf einen Zeitpunkt zurücksetzen`,
  putBackText:
    'Alles, was seither entfernt wurde, kommt zurück, nach der Uhr des Servers. Wählen Sie den Zeitpunkt, bevor etwas schiefging.',
  moment: 'Zeitpunkt',
  addedLabel: 'Was seither gespeichert wurde',
  addedKeep: 'Behalten',
  addedRemove: 'Herausnehmen, in den Papierkorb: Der Vault ist genau so, wie er war',
  preview: (objects, size, versions) =>
    `Kommt zurück: ${many(objects, 'Objekt', 'Objekte')} (${size}), mit ${many(versions, 'Version', 'Versionen')}.`,
  previewOut: (objects, versions) =>
    `Kommt in den Papierkorb: ${many(objects, 'Objekt', 'Objekte')}, mit ${many(versions, 'Version', 'Versionen')}.`,
  nothing: 'Seither wurde nichts entfernt.',
  goBack: 'Zurücksetzen',
  goBackTo: 'Zurücksetzen…',
  steps: {
    removing: 'Hinzugekommenes wird herausgenommen',
    restoring: 'Wird zurückgeholt',
    moving: 'Zurück; Dateien folgen',
    verifying: 'Zurück; wird geprüft',
    done: 'Zurück und geprüft',
    damaged: 'Zurück; einige Objekte sind beschädigt',
  },
  undeletions: 'Auf dem Weg zurück',
  bringingBack: (name) => `${name} wird wiederhergestellt`,
  puttingBack: (name, moment) => `${name} wird zurückgesetzt auf ${moment}`,
  step: (number, what) => `Schritt ${number} von 4: ${what}`,
  progress: (done, total) => `${done} von ${total} Objekten`,
  readable: 'Alles ist wieder lesbar',
  timeLeft: (time) => `noch etwa ${time}`,
  askedBy: (name) => `veranlasst von ${name}`,
  trouble: 'Es ging nicht weiter und wird erneut versucht:',
  cameBack: (objects, size) => `${objects} Objekte (${size}) sind zurück.`,
  wentOut: (objects) => `${objects} kamen in den Papierkorb.`,
  verified: 'Alles wurde erneut gelesen und ist, wie es war.',
  damagedSince: (objects) =>
    `${objects} sind nicht, wie sie empfangen wurden. Ein neues Backup der Maschine speichert sie wieder.`,
  bulkUndeleted: (amount) => `${many(amount, 'Löschung wird', 'Löschungen werden')} rückgängig gemacht.`,
  inTrash: (size) => `${size} im Papierkorb`,
  versionsThen: (amount) => `${many(amount, 'Version', 'Versionen')} zu diesem Zeitpunkt`,
  versionsMore: (amount) => `… und ${many(amount, 'ältere', 'ältere')}`,
  versionInTrash: 'kommt zurück',
  versionThere: 'ist da',
  purgesWaiting: (amount) =>
    amount === 1
      ? 'Eine endgültige Entfernung wartet auf eine zweite Person'
      : `${amount} endgültige Entfernungen warten auf eine zweite Person`,
  purgeAskedBy: (name, reason) => `${name} hat darum gebeten („${reason}“)`,
  agree: 'Zustimmen…',
  refuse: 'Ablehnen',
  purgeRefused: (name) => `${name} bleibt im Papierkorb.`,
}

export const protection: Translation['protection'] = {
  title: 'Schutz des Gelöschten',
  text: 'Gelöschtes liegt im Papierkorb und lässt sich zurückholen, bis seine Rückholfrist endet. Was vor einer Änderung gelöscht wurde, behält die Frist, mit der es gelöscht wurde.',
  undeleteDays: 'Rückholfrist (Tage)',
  minimumKeepDays: 'Jede Version mindestens aufbewahren (Tage)',
  trashCounts: 'Papierkorb zählt zu den Grenzen',
  twoPersonPurge: 'Zwei Personen zum endgültigen Entfernen',
  warningSensitivity: 'Warnzeichen',
  sensitivities: { off: 'Aus', normal: 'Normal', high: 'Hoch' },
  hints: {
    undeleteDays: 'Wie lange sich Gelöschtes zurückholen lässt.',
    minimumKeepDays: 'Ab dem Empfang durch den Server, was auch immer ein Client löschen will.',
    trashCounts: 'Ob das, was im Papierkorb liegt, dem Kunden und seinen Clients Platz nimmt.',
    twoPersonPurge:
      'Ob eine zweite Person mit Adminrolle zustimmen muss, bevor etwas endgültig entfernt wird.',
    warningSensitivity:
      'Wie leicht das, was ein Client tut (viel Neues, viele Löschungen), seinen Papierkorb einfriert und Alarm auslöst.',
  },
  mostUndeleteDays: 'Längste Rückholfrist (Tage)',
  mostUndeleteDaysHint:
    'Keine Frist eines Resellers oder Kunden ist länger, was auch immer dort eingestellt ist.',
  daysInherited: (days) => `Leer: wie die Ebene darüber, ${many(days, 'Tag', 'Tage')}.`,
  daysByDefault: (days) => `Leer: ${many(days, 'Tag', 'Tage')}.`,
  cap: (days) =>
    `Keine Frist ist länger als ${many(days, 'Tag', 'Tage')}: So sagen es die Einstellungen des Servers.`,
  capped: (days) =>
    `Die Einstellungen des Servers erlauben höchstens ${many(days, 'Tag', 'Tage')}: Das gilt.`,
  inherited: (answer) => `Wie die Ebene darüber: ${answer}`,
  byDefault: (answer) => `Standard: ${answer}`,
  yes: 'Ja',
  no: 'Nein',
}
