import type { Translation } from './translation.ts'

const count = new Intl.NumberFormat('de')
const many = (amount: number, one: string, more: string) =>
  `${count.format(amount)} ${amount === 1 ? one : more}`

export const waitingRoom: Translation['waitingRoom'] = {
  title: 'Warteraum',
  titleOf: (name) => `Warteraum von ${name}`,
  what: 'Warteraum',
  amount: (amount) => `${count.format(amount)} wartend`,
  someWait: (amount) => many(amount, 'Client wartet auf Zulassung', 'Clients warten auf Zulassung'),
  address: 'Adresse',
  reason: 'Grund',
  reasons: {
    'auto-authorization-off': 'Brachte den Zulassungsschlüssel; automatische Zulassung ist aus',
    'deleted-before': 'Brachte den Zulassungsschlüssel; ein Client mit dieser ID wurde gelöscht',
    'client-id-elsewhere': 'Brachte den Zulassungsschlüssel; die ID gehört einem anderen Client',
    'pass-key-wrong': 'Brachte einen falschen Zulassungsschlüssel',
    'pass-key-missing': 'Kam ohne Zulassungsschlüssel',
  },
  states: { waiting: 'Wartend', refused: 'Abgewiesen' },
  firstAttempt: 'Erster Versuch',
  lastAttempt: 'Letzter Versuch',
  admit: 'Zulassen',
  admitTo: 'Zulassen als …',
  refuse: 'Abweisen',
  refusedAlready: 'Ist schon abgewiesen.',
  admitTitle: (amount, first) => (amount === 1 ? `${first} zulassen?` : `${amount} Clients zulassen?`),
  who: (clientId, address, customer) => `${clientId} von ${address}, bei ${customer}`,
  unprovenTitle: 'Nicht alle hier brachten den Zulassungsschlüssel',
  unprovenText:
    'Wer die Adresse des Vaults kennt, konnte so kommen. Lassen Sie eine Maschine nur zu, wenn Sie wissen, dass sie es von der angezeigten Adresse aus versucht hat.',
  toCustomer: 'Kunde, dessen Client es wird',
  toOwnCustomers: 'Bleibt das leer, wird jeder Client des Kunden, zu dem er kam.',
  admitted: (name) => `${name} ist zugelassen. Der nächste Versuch gelingt.`,
  bulkAdmitted: (amount) => many(amount, 'Client ist zugelassen.', 'Clients sind zugelassen.'),
  refused: (name) => `${name} ist abgewiesen und steht unter „Abgewiesen“.`,
  bulkRefused: (amount) => many(amount, 'Client ist abgewiesen.', 'Clients sind abgewiesen.'),
  emptyTitle: 'Niemand wartet',
  emptyText:
    'Maschinen mit unbekannter ID, die sichern wollen und nicht automatisch zugelassen werden, stehen hier mit dem Grund.',
}

export const licences: Translation['licences'] = {
  title: 'Lizenzverwaltung',
  titleOf: (name) => `MCALs von ${name}`,
  statement: 'Monatsübersicht',
  history: 'Verlauf der Nutzung',
  allotments: 'Zuteilungen',
  left: 'MCALs übrig',
  usedIn: (month) => `Verbraucht im ${month}`,
  expected: 'In diesem Monat noch erwartet',
  usedLastMonth: 'Im letzten Monat verbraucht',
  byMonth: 'MCALs nach Monaten',
  month: 'Monat',
  opening: 'Anfang',
  added: 'Zugang',
  used: 'Verbrauch',
  closing: 'Ende',
  at: 'Wann',
  units: 'MCALs',
  reason: 'Verbraucht bei',
  reasons: {
    'first-backup': 'Erstes Backup des Monats',
    'kind-change': 'Wechsel der Art',
    'plugin-change': 'Wechsel der Plug-ins',
  },
  drawnFor: 'Verbraucht für',
  usedFor: 'Davon für',
  leftInPool: 'Übrig im Pool',
  leftAtReseller: 'Übrig beim Reseller',
  leftAtCustomer: 'Übrig beim Kunden',
  leftBefore: 'Übrig davor',
  leftAfter: 'Übrig danach',
  note: 'Notiz',
  noteHint: 'Woher sie kommen, zum Beispiel eine Bestellung.',
  by: 'Von',
  draws: 'Verbrauch nach Client-ID',
  drawAmount: (amount) => many(amount, 'Eintrag', 'Einträge'),
  notes: 'Notizen',
  allotmentAmount: (amount) => many(amount, 'Zuteilung', 'Zuteilungen'),
  noDraws: 'Noch keine MCALs verbraucht',
  noDrawsText: 'Ein Client verbraucht seine MCALs beim ersten Backup jedes Monats.',
  noAllotments: 'Noch keine MCALs zugeteilt',
  noAllotmentsText: 'Ohne Anzahl verbrauchen Clients so viele MCALs, wie sie brauchen.',
  addMcals: 'MCALs hinzufügen',
  poolActions: 'Mehr zum Pool',
  unlimitPool: 'Den Pool ohne Anzahl führen',
  unlimitTitle: 'Den Pool ohne Anzahl führen?',
  unlimitText: (left) =>
    `${many(left, 'MCAL ist', 'MCALs sind')} noch übrig und werden nicht mehr gezählt: Clients verbrauchen so viele, wie sie brauchen. Was Sie später hinzufügen, beginnt eine neue Anzahl.`,
  poolUnlimited: 'Der Pool hat keine Anzahl mehr: Clients verbrauchen so viele MCALs, wie sie brauchen.',
  poolBegins:
    'Der Pool hat noch keine Anzahl: Clients verbrauchen so viele MCALs, wie sie brauchen. Von jetzt an verbrauchen sie, was Sie hinzufügen.',
  poolHas: (left) => many(left, 'MCAL ist noch im Pool.', 'MCALs sind noch im Pool.'),
  unitsHint: 'Unter null nimmt welche zurück.',
  leftThen: (left) => `Dann übrig: ${left}`,
  addedTold: (left) => `Der Pool hat noch ${many(left, 'MCAL', 'MCALs')}.`,
  shortTitle: (short) => many(short, 'MCAL fehlt bis zum Monatsende', 'MCALs fehlen bis zum Monatsende'),
  shortText: (expected, left) =>
    `Sichern so viele Clients wie im letzten Monat, so brauchen sie noch ${count.format(expected)}, und ${count.format(left)} sind übrig. Clients, die bis dahin nichts verbraucht haben, werden abgewiesen; Wiederherstellungen gehen weiter.`,
}

export const plugins: Translation['plugins'] = {
  title: 'Anwendungs-Plug-ins',
  intro:
    'Ein Client verbraucht für jedes seiner Plug-ins, zusätzlich zu den Einheiten seiner Art. Eine andere Zahl gilt ab dem nächsten Verbrauch jedes Clients: Was in diesem Monat verbraucht wurde, bleibt.',
  amount: (amount) => many(amount, 'Plug-in', 'Plug-ins'),
  add: 'Plug-in hinzufügen',
  edit: 'Plug-in bearbeiten',
  editTitle: (name) => `${name} bearbeiten`,
  remove: 'Plug-in entfernen',
  removeTitle: (name) => `${name} entfernen?`,
  removeText:
    'Kein Client hat es. Was dafür verbraucht wurde, bleibt in Übersicht und Verlauf, unter seinem Schlüssel.',
  inUse: (clients) => `${many(clients, 'Client hat', 'Clients haben')} es.`,
  saved: (name) => `${name} ist gespeichert.`,
  removed: (name) => `${name} ist entfernt.`,
  offered: 'Angeboten',
  retired: 'Zurückgezogen',
  retire: 'Plug-in zurückziehen',
  offer: 'Wieder anbieten',
  isRetired: (name) =>
    `${name} ist zurückgezogen: Kein Client bekommt es mehr, und die es haben, behalten es.`,
  isOffered: (name) => `${name} wird wieder angeboten.`,
  retiredKept: 'Zurückgezogen: Einmal weggenommen, kommt es nicht zurück.',
  nameHint: 'Wie es angezeigt wird, zum Beispiel „Microsoft SQL Server“.',
  key: 'Schlüssel',
  keyHint: 'Wie Programme es nennen, zum Beispiel mssql; steht von da an fest.',
  keyFixed: 'Wie Programme es nennen; steht seit dem Anlegen fest.',
  monthlyUnits: 'MCALs im Monat',
  unitsHint: 'Was jeder Client damit verbraucht, zusätzlich zu den Einheiten seiner Art.',
  unitsFromNextDraw:
    'Gilt ab dem nächsten Verbrauch jedes Clients; was in diesem Monat verbraucht wurde, bleibt.',
  drawsMore: (units) => `verbraucht ${many(units, 'MCAL', 'MCALs')} im Monat mehr`,
  altogether: (units) => `Zusammen verbraucht er ${many(units, 'MCAL', 'MCALs')} im Monat.`,
  emptyTitle: 'Noch keine Plug-ins',
  emptyText:
    'Fügen Sie hinzu, was Clients außer Dateien sichern, zum Beispiel Datenbanken, und was jedes im Monat verbraucht.',
}

export const serverSettings: Translation['serverSettings'] = {
  title: 'Einstellungen',
  server: 'Server',
  resellerManagement: 'Resellerverwaltung',
  resellerManagementLabel: 'Reseller verwalten',
  resellerManagementText:
    'Aus: Kunden hängen direkt unter dem Server, und nichts zeigt Reseller. Was es von ihnen gibt, bleibt mitsamt seinen Grenzen und ist wieder da, wenn dies ein ist.',
  space: 'Speicher',
  overAllottingLabel: 'Mehr zuteilen lassen, als da ist',
  overAllottingText:
    'Ein: Unter einer Ebene darf mit einer Warnung mehr zugeteilt werden, als sie hat; Uploads enden, wo sie voll ist. Aus: Eine solche Grenze wird abgewiesen.',
  trial: 'Test-Clients',
  trialText:
    'Ein Test-Client verbraucht keine MCALs. Endet sein Test, wird er deaktiviert, und später kommen seine Daten in den Papierkorb.',
  trialDays: 'Tage, die ein Test dauert',
  trialKeepDays: 'Tage, die seine Daten danach bleiben',
  saved: 'Die Einstellungen sind gespeichert.',
}

export const trials: Translation['trials'] = {
  trial: 'Test',
  begin: 'Als Test beginnen',
  beginText: 'Er verbraucht keine MCALs, bis der Test endet.',
  until: 'Test bis',
  untilHint: (date) => `Seine Daten kommen am ${date} in den Papierkorb, falls er ein Test bleibt.`,
  makeRegularText: 'Vom nächsten Backup an verbraucht er MCALs.',
  ended: 'Test beendet',
  endsIn: 'Test endet',
  forNew: 'Neue Clients beginnen als Test',
  ownDays: 'Tage, die ein Test dauert',
  ownKeepDays: 'Tage, die seine Daten danach bleiben',
  asServer: 'Leer: wie in den Einstellungen.',
}
