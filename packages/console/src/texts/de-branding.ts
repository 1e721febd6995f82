import type { Translation } from './translation.ts'

/** Texts about how the server and resellers show themselves, in German. */

export const branding: Translation['branding'] = {
  title: 'Marke',
  titleOf: (name) => `Marke von ${name}`,
  edit: 'Angaben und Grenzen',
  parts: 'Teile dieses Resellers',
  look: 'Name und Aussehen',
  lookText:
    'Was man in der Konsole, auf der Anmeldeseite und in Mails sieht. Was leer bleibt, wird von oben übernommen.',
  productName: 'Produktname',
  accent: 'Akzentfarbe',
  saturation: 'Sättigung und Helligkeit',
  hue: 'Farbton',
  accentShown: (light, dark) =>
    `Damit Text lesbar bleibt, erscheint sie auf hellen Seiten als ${light} und auf dunklen als ${dark}.`,
  logo: 'Logo',
  logoDark: 'Logo auf dunklen Seiten',
  logoHint:
    'PNG, JPEG oder WebP, bis 256 kB. Ein breites Logo steht allein, ein quadratisches vor dem Namen und im Tab des Browsers.',
  logoDarkHint: 'Ohne ein eigenes erscheint dasselbe Logo auch auf dunklen Seiten.',
  choose: 'Bild wählen',
  replace: 'Ersetzen',
  remove: 'Entfernen',
  drop: 'oder hier ablegen',
  willBeRemoved: 'Wird beim Speichern entfernt.',
  inheritedLogo: 'Übernommen',
  noLogo: 'Kein Logo',
  tooLarge: 'Höchstens 256 kB.',
  noImage:
    'Kein Bild, das dieser Browser zeigen kann. PNG, JPEG oder WebP; SVG kann Skripte enthalten und wird nicht angenommen.',
  address: 'Adresse',
  addressText: (url) =>
    `Ein Hostname, unter dem Menschen und Maschinen des Resellers diesen Server erreichen. Er muss dorthin zeigen, wohin ${url} führt, mit einem Zertifikat für ihn. Mails und Befehle zum Kopieren beginnen dann damit.`,
  hostName: 'Hostname',
  lostHostName: (name) =>
    `Bis dieser Reseller gelöscht wurde, war es ${name}. Als er zurückkam, hatte ihn jemand anders.`,
  onlyServer: 'Legt die Verwaltung des Servers fest, da es etwas außerhalb von ihm beansprucht.',
  mail: 'Mail',
  mailText:
    'Mails gehen über den Mailserver dieses Servers hinaus. Ohne eigene Adresse kommen sie von der des Servers, unter diesem Namen.',
  senderName: 'Absender',
  replyTo: 'Antworten gehen an',
  fromAddress: 'Absenderadresse',
  fromAddressHint:
    'Erst wenn SPF und DKIM ihrer Domain den Mailserver dieses Servers zulassen: Sonst gehen Mails verloren.',
  preview: 'Vorschau',
  previewOf: { light: 'Vorschau in hellen Farben', dark: 'Vorschau in dunklen Farben' },
  saved: 'Die Marke ist gespeichert.',
}
