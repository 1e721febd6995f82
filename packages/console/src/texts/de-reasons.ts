import type { ReasonTexts } from '@granary/contract'

/** Why something can’t be done, each reason by its code: one without German does not compile. */
export const reasons: ReasonTexts = {
  'default-is-permanent': () => 'Den Default gibt es immer: Er kann weder deaktiviert noch gelöscht werden.',
  'active-already': () => 'Ist schon aktiv.',
  'deactivated-already': () => 'Ist schon deaktiviert.',
  'client-id-elsewhere': () =>
    'Seine ID gehört einem anderen Client. Geben Sie der Maschine eine andere ID, oder verschieben Sie jenen Client.',
  'backup-running': ({ clientIds }) =>
    `Auf ${clientIds} läuft gerade ein Backup. Warten Sie, bis es endet, oder deaktivieren Sie vorher.`,
  'backup-in-the-way': ({ clientId }) =>
    `Auf ${clientId} läuft gerade ein Backup. Deaktivieren Sie den Client, oder behalten Sie, was hinzukam.`,
  'undelete-running': ({ clientIds }) =>
    `Was von ${clientIds} gelöscht war, wird gerade zurückgeholt. Warten Sie, bis es da ist, und versuchen Sie es dann noch einmal.`,
  'restored-before': () => 'Es wurde schon zurückgeholt.',
  'purged-before': () => 'Es wurde endgültig entfernt.',
  'deletion-refused': () => 'Es wurde abgewiesen: Nichts wurde gelöscht.',
  'parent-deleted': ({ parent }) => `${parent} ist ebenfalls gelöscht. Holen Sie das zuerst zurück.`,
  'client-ids-in-use': ({ clientIds, amount }) =>
    `${clientIds} ${amount === 1 ? 'ist' : 'sind'} wieder vergeben. Löschen Sie, was die ID hat, oder benennen Sie es um, und versuchen Sie es noch einmal.`,
  'own-name-taken': ({ name }) =>
    `Etwas anderes heißt jetzt ${name}. Geben Sie einen Namen an, unter dem es zurückkommen soll.`,
  'customer-name-taken': ({ name }) =>
    `Ein anderer Kunde heißt jetzt ${name}. Benennen Sie ihn um und versuchen Sie es noch einmal.`,
  'no-room-to-come-back': ({ owner }) =>
    `Was zurückkommt, passt nicht in den zugeteilten Speicher von ${owner}. Erhöhen Sie die Grenze und versuchen Sie es noch einmal.`,
  'no-room-above': () =>
    'Was zurückkommt, passt nicht in den Speicher, den Ihr Anbieter noch frei hat. Bitten Sie ihn um mehr und versuchen Sie es noch einmal.',
  'moment-in-the-future': () => 'Der Zeitpunkt liegt in der Zukunft.',
  'moment-purged': () => 'Einiges von dem, was damals da war, ist endgültig entfernt.',
  'audit-beginning-missing': () =>
    'Am Anfang fehlen Einträge, die nicht die Aufbewahrung der Protokolle entfernt hat.',
  'audit-end-missing': () => 'Am Ende fehlen Einträge.',
  'audit-entry-before-changed': () => 'Ein Eintrag davor fehlt oder wurde geändert.',
  'audit-entry-changed': () => 'Dieser Eintrag wurde geändert.',
  'audit-written-anew': () => 'Das Protokoll wurde bis hierher neu geschrieben.',
}
