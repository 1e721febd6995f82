import type { Sentences } from './sentences.ts'

export const sentences: Sentences = {
  // Why something can't be done
  'A backup is running on {1}. Deactivate the client, or keep what was added.':
    'Auf {1} läuft gerade ein Backup. Deaktivieren Sie den Client, oder behalten Sie, was hinzukam.',
  'A backup is running on {1}.': 'Auf {1} läuft gerade ein Backup.',
  'It is active already.': 'Ist schon aktiv.',
  'It is deactivated already.': 'Ist schon deaktiviert.',
  'It was brought back before.': 'Es wurde schon zurückgeholt.',
  'It was refused: nothing was deleted.': 'Es wurde abgewiesen: Nichts wurde gelöscht.',
  'It was removed for good.': 'Es wurde endgültig entfernt.',
  'Another customer is called {1} now. Rename that one, then try again.':
    'Ein anderer Kunde heißt jetzt {1}. Benennen Sie ihn um und versuchen Sie es noch einmal.',
  'Another one is called {1} now. Give a name to bring it back under.':
    'Etwas anderes heißt jetzt {1}. Geben Sie einen Namen an, unter dem es zurückkommen soll.',
  'Its ID belongs to another client. Give the machine another ID, or move that client.':
    'Seine ID gehört einem anderen Client. Geben Sie der Maschine eine andere ID, oder verschieben Sie jenen Client.',
  'Some of what was there then has been purged.':
    'Einiges von dem, was damals da war, ist endgültig entfernt.',
  'The default always exists: it can be neither deactivated nor deleted.':
    'Den Default gibt es immer: Er kann weder deaktiviert noch gelöscht werden.',
  'The time lies in the future.': 'Der Zeitpunkt liegt in der Zukunft.',
  'What comes back does not fit under the Allotted Space of {1}. Raise the limit, then try again.':
    'Was zurückkommt, passt nicht in den zugeteilten Speicher von {1}. Erhöhen Sie die Grenze und versuchen Sie es noch einmal.',
  '{1} are in use again. Delete or rename what took the ID, then try again.':
    '{1} sind wieder vergeben. Löschen Sie, was die ID hat, oder benennen Sie es um, und versuchen Sie es noch einmal.',
  '{1} is deleted as well.': '{1} ist ebenfalls gelöscht.',
  '{1} is in use again. Delete or rename what took the ID, then try again.':
    '{1} ist wieder vergeben. Löschen Sie, was die ID hat, oder benennen Sie es um, und versuchen Sie es noch einmal.',
  // What the audit log finds
  'An entry before this one is missing or was changed.': 'Ein Eintrag davor fehlt oder wurde geändert.',
  'Entries are missing at the beginning that the retention of logs did not remove.':
    'Am Anfang fehlen Einträge, die nicht die Aufbewahrung der Protokolle entfernt hat.',
  'Entries are missing at the end.': 'Am Ende fehlen Einträge.',
  'The log was written anew up to here.': 'Das Protokoll wurde bis hierher neu geschrieben.',
  'This entry was changed.': 'Dieser Eintrag wurde geändert.',
}
