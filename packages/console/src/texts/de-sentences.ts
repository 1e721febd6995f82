import type { Sentences } from './sentences.ts'

export const sentences: Sentences = {
  // What fields take
  'A client ID is needed.': 'Eine Client-ID wird gebraucht.',
  'A colour such as {1}.': 'Eine Farbe wie {1}.',
  'A host name such as {1}, without port; international ones as xn--….':
    'Ein Hostname wie {1}, ohne Port; internationale als xn--….',
  'A host name or address.': 'Ein Hostname oder eine Adresse.',
  'A kind of client has this name.': 'So heißt eine Art von Client.',
  'A month such as {1}.': 'Ein Monat wie {1}.',
  'A name is needed.': 'Ein Name wird gebraucht.',
  'A reason is needed.': 'Ein Grund wird gebraucht.',
  'An address such as {1}.': 'Eine Adresse wie {1}.',
  'An image.': 'Ein Bild.',
  'An email address.': 'Eine E-Mail-Adresse.',
  'At least one day.': 'Mindestens ein Tag.',
  'At least {1} characters.': 'Mindestens {1} Zeichen.',
  'At least {1}.': 'Mindestens {1}.',
  'At most {1} characters.': 'Höchstens {1} Zeichen.',
  'At most {1} kB.': 'Höchstens {1} kB.',
  'At most {1} days.': 'Höchstens {1} Tage.',
  'At most {1} plug-ins.': 'Höchstens {1} Plug-ins.',
  'At most {1}.': 'Höchstens {1}.',
  'Each plug-in once.': 'Jedes Plug-in nur einmal.',
  'In base 64.': 'In Base64.',
  'Letters, digits, ".", "_" and "-" only.': 'Nur Buchstaben, Ziffern, „.“, „_“ und „-“.',
  'Lower-case letters, digits and "-" only.': 'Nur Kleinbuchstaben, Ziffern und „-“.',
  'Lower-case letters and digits, joined by "-".': 'Kleinbuchstaben und Ziffern, verbunden durch „-“.',
  'No addresses, and none of @ < > ".': 'Keine Adressen, und kein Zeichen aus @ < > ".',
  'No control characters.': 'Keine Steuerzeichen.',
  'No control or invisible characters.': 'Keine Steuerzeichen und keine unsichtbaren Zeichen.',
  'Not below zero.': 'Nicht unter null.',
  'Not dots alone.': 'Nicht nur Punkte.',
  'Not zero.': 'Nicht null.',
  'One line only.': 'Nur eine Zeile.',
  'The snapshot’s whole ID: {1} hexadecimal digits.': 'Die ganze ID des Snapshots: {1} Hexadezimalziffern.',
  'Whole MCALs.': 'Ganze MCALs.',
  'Whole bytes.': 'Ganze Bytes.',
  'Whole days.': 'Ganze Tage.',
  'Whole per cent.': 'Ganze Prozent.',
  'Without a user and password; deliveries are signed.':
    'Ohne Benutzer und Passwort; was gesendet wird, ist signiert.',
  'Without a path.': 'Ohne Pfad.',
  // What the server finds besides
  'A role at the level of the {1}.': 'Eine Rolle auf derselben Ebene.',
  'A time in the past, by the server’s clock.':
    'Ein Zeitpunkt in der Vergangenheit, nach der Uhr des Servers.',
  'An address to send from is needed.': 'Eine Absenderadresse wird gebraucht.',
  'Compressed bodies are not taken.': 'Komprimierte Inhalte werden nicht angenommen.',
  'It belongs to a user of a reseller or customer.': 'Sie gehört einem Benutzer eines Resellers oder Kunden.',
  'It belongs to this customer already.': 'Er gehört schon zu diesem Kunden.',
  'It has to end in the future.': 'Er muss in der Zukunft enden.',
  'It is {1} × {2} pixels; at most {3} each way.': 'Es hat {1} × {2} Pixel; höchstens {3} in jeder Richtung.',
  'It lies in the past.': 'Das liegt in der Vergangenheit.',
  'Its address has to begin with https.': 'Seine Adresse muss mit https beginnen.',
  'Nested too deeply.': 'Zu tief verschachtelt.',
  'No NUL characters.': 'Keine NUL-Zeichen.',
  'Not a PNG, JPEG or WebP image. SVG is not taken, as it can carry scripts: export it as PNG.':
    'Kein Bild in PNG, JPEG oder WebP. SVG wird nicht angenommen, da es Skripte enthalten kann: Exportieren Sie es als PNG.',
  'Not in base 64.': 'Nicht in Base64.',
  'Not a host name.': 'Kein Hostname.',
  'Not valid Unicode.': 'Kein gültiges Unicode.',
  'This image is broken: it ends early.': 'Dieses Bild ist beschädigt: Es endet zu früh.',
  'This image is broken: {1}': 'Dieses Bild ist beschädigt: {1}',
  'The address of the console is needed for links in mails.':
    'Die Adresse der Konsole wird für Links in Mails gebraucht.',
  'The body is a JSON object.': 'Der Inhalt ist ein JSON-Objekt.',
  'The provider knows this server by it.': 'Der Anbieter kennt diesen Server daran.',
  'There is no storage location {1}.': 'Es gibt keinen Speicherort {1}.',
  'There is no such field.': 'Dieses Feld gibt es nicht.',
  'This address takes no body.': 'Diese Adresse nimmt keinen Inhalt.',
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
