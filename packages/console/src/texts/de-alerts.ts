import type { Translation } from './translation.ts'

const count = new Intl.NumberFormat('de')

export const alerts: Translation['alerts'] = {
  title: 'Warnungen',
  what: 'Warnungen',
  amount: (amount) => `${count.format(amount)} ${amount === 1 ? 'Warnung' : 'Warnungen'}`,
  kind: 'Art',
  subject: 'Betrifft',
  text: 'Was los ist',
  began: 'Seit',
  resolved: 'Erledigt',
  states: { open: 'Offen', resolved: 'Erledigt' },
  emptyTitle: 'Alles in Ordnung',
  emptyText: 'Knapper Speicherplatz, knappe MCALs, endende Testzeiten und überfällige Backups stünden hier.',
  saved: 'Die Warnungen sind gespeichert.',
  days: ' Tage',
  whatToTell: 'Wovor gewarnt wird',
  whatToTellText: 'Jede Warnung kommt einmal, wenn sie beginnt, und einmal, wenn sie erledigt ist.',
  fields: {
    spacePercent: 'Speicherplatz ist knapp ab',
    diskPercent: 'Platte ist fast voll, wenn weniger frei ist als',
    trialDays: 'Vor dem Ende einer Testzeit',
    certificateDays: 'Vor dem Ablauf des Zertifikats',
  },
  toWhom: 'Wer gewarnt wird',
  toWhomText:
    'Admins und Operatoren des betroffenen Ortes und seines Resellers bekommen eine Mail. Was den Server selbst betrifft, geht an die Benutzer des Servers.',
  copyTo: 'Alles außerdem an',
  copyToHint: 'Adressen, mit Kommas getrennt.',
  summary: 'Zusammenfassung',
  summaryHint: 'Wie es um die Backups steht, an die Benutzer jedes Resellers und Kunden, um sechs Uhr früh.',
  summaries: { off: 'Keine', daily: 'Jeden Tag', weekly: 'Montags' },
  webhooks: 'Webhooks',
  webhooksText:
    'Dorthin gehen Warnungen als JSON per POST, mit HMAC-SHA-256 im Header granary-signature signiert und so oft, bis mit 2xx geantwortet wird.',
  secret: 'Geheimnis',
  secretOnce: (name) =>
    `Das Geheimnis, das signiert, was an ${name} geht, wird nur dieses eine Mal angezeigt.`,
  hookName: 'Name',
  hookUrl: 'URL',
  addHook: 'Webhook hinzufügen',
  testHook: 'Testen',
  hookRemoved: (name) => `An ${name} geht nichts mehr.`,
  notSentYet: 'noch nichts gesendet',
  answeredWell: (answer) => `letzte Antwort: ${answer}`,
  answeredBadly: (answer) => `letzter Versuch gescheitert: ${answer}`,
}

export const mails: Translation['mails'] = {
  title: 'Warnungen und Zusammenfassungen per Mail',
  text: 'Was Sie per Mail erreicht. Worauf Sie verzichten, steht trotzdem in der Konsole.',
  nobody: 'Ihre Rolle liest nur; per Mail erfährt sie nichts.',
  summary: 'Zusammenfassung',
  saved: 'Was Sie per Mail erreicht, ist gespeichert.',
  notSetUp: 'Mail ist nicht eingerichtet',
  notSetUpText:
    'Von diesen Warnungen erfährt niemand per Mail. Welche beim Einrichten noch offen sind, werden dann gesendet.',
  setUp: 'Mail einrichten',
  unsubscribe: 'Abbestellen',
  unsubscribeText: (email) => `${email} bekommt keine Mails mehr über:`,
  unsubscribed: 'Abbestellt',
  chooseAll: 'Wählen, was Sie per Mail erreicht',
  deliveries: 'Zustellungen',
  deliveriesOf: (name) => `Letzte Zustellungen an ${name}`,
  events: { 'alert.began': 'Begonnen', 'alert.resolved': 'Erledigt', test: 'Test' },
}

export const retention: Translation['retention'] = {
  tab: 'Protokolle',
  title: 'Aufbewahrung der Protokolle',
  text: 'Wie viele Tage aufbewahrt werden. Leer: für immer. Was offen ist, wartet oder im Papierkorb liegt, bleibt in jedem Fall.',
  forEver: 'Für immer',
  fields: {
    auditDays: 'Auditprotokoll',
    alertDays: 'Erledigte Warnungen',
    deletedReportDays: 'Löschbericht',
    waitingDays: 'Warteraum',
    jobDays: 'Aufgegebene Mails',
    sessionDays: 'Abgelaufene Sitzungen',
  },
  hints: {
    auditDays: 'Die Kette dessen, was bleibt, lässt sich weiterhin prüfen.',
    alertDays: 'Nachdem sie erledigt waren.',
    deletedReportDays: 'Zeilen, von denen nichts mehr im Papierkorb liegt.',
    waitingDays: 'Clients, die seither nicht mehr angeklopft haben.',
    jobDays: 'Und andere Arbeit, die zu oft gescheitert ist.',
    sessionDays: 'Und Links von Einladungen und Passwörtern.',
  },
  days: ' Tage',
  saved: 'Die Aufbewahrung der Protokolle ist gespeichert.',
}
