import type { AlertTexts, AlertTitles, MessageFormats } from './alert-texts.ts'
import type { Sighting } from './warning-signs.ts'

const renewal =
  'Erneuern Sie es, sonst verbinden sich Clients nicht; der Server übernimmt die neuen Dateien von selbst.'

export const alertTitlesDe: AlertTitles = {
  'space-low': 'Speicherplatz ist knapp',
  'mcals-short': 'MCALs sind knapp',
  'trial-ending': 'Testzeit endet',
  'backup-overdue': 'Backup ist überfällig',
  'disk-low': 'Platte ist fast voll',
  'certificate-ending': 'Zertifikat läuft ab',
  'warning-sign': 'Warnzeichen',
  'damage-found': 'Beschädigte Backups',
  'server-backup-failed': 'Sicherung des Servers ist fehlgeschlagen',
}

export const alertTextsDe: AlertTexts = {
  'space-low': ({ name, usedBytes, allottedBytes }, { bytes }) =>
    `${name} belegt ${bytes(usedBytes)} von ${bytes(allottedBytes)}. An der Grenze werden Uploads abgewiesen.`,
  'mcals-short': ({ name, left, needed, missing }, { count }) =>
    `${name} hat noch ${count(left)} MCALs und braucht in diesem Monat voraussichtlich ${count(needed)}: ${count(missing)} fehlen.`,
  'trial-ending': ({ clientId, customer, endsAt }, { time }) =>
    `Der Test von ${clientId} (${customer}) endet am ${time(endsAt)}. Danach werden seine Backups abgewiesen.`,
  'backup-overdue': ({ clientId, customer, lastBackupAt }, { time }) =>
    `${clientId} (${customer}) hat seit ${time(lastBackupAt)} nicht gesichert, später als sonst.`,
  'disk-low': ({ freeBytes, totalBytes }, { bytes }) =>
    `Auf dem Datenträger des Servers sind ${bytes(freeBytes)} von ${bytes(totalBytes)} frei. Ist er voll, werden Uploads abgewiesen.`,
  'location-low': ({ location, freeBytes, totalBytes }, { bytes }) =>
    `Am Speicherort ${location} sind ${bytes(freeBytes)} von ${bytes(totalBytes)} frei. Ist er voll, werden Uploads in seine Vaults abgewiesen.`,
  'disk-files-low': ({ freeFiles, totalFiles }, { count }) =>
    `Der Datenträger des Servers fasst höchstens ${count(totalFiles)} Dateien und hat noch für ${count(freeFiles)} Platz, wie viele Bytes auch frei sind. Ist keiner mehr, werden Uploads abgewiesen.`,
  'location-files-low': ({ location, freeFiles, totalFiles }, { count }) =>
    `Die Platte des Speicherorts ${location} fasst höchstens ${count(totalFiles)} Dateien und hat noch für ${count(freeFiles)} Platz, wie viele Bytes auch frei sind. Ist keiner mehr, werden Uploads in seine Vaults abgewiesen.`,
  'location-gone': ({ location }) =>
    `Die Platte des Speicherorts ${location} ist nicht eingehängt. Bis dahin ist auf seine Vaults weder Sicherung noch Wiederherstellung möglich.`,
  'certificate-ending': ({ endsAt }, { time }) =>
    `Das Zertifikat des Servers läuft am ${time(endsAt)} ab. ${renewal}`,
  'certificate-ended': ({ endedAt }, { time }) =>
    `Das Zertifikat des Servers ist am ${time(endedAt)} abgelaufen. ${renewal}`,
  'certificate-mismatched': () =>
    'Das Zertifikat des Servers gehört nicht zu seinem privaten Schlüssel; der Server arbeitet mit dem vorigen weiter. Legen Sie beide ab.',
  'certificate-unreadable': ({ reason }) =>
    `Das Zertifikat des Servers lässt sich nicht lesen; der Server arbeitet mit dem vorigen weiter: ${reason}`,
  'warning-signs': ({ clientId, customer, signs }, formats) =>
    `${clientId} (${customer}): ${signs.map((sign) => saySign(sign, formats)).join(' ')} Nichts in seinem Papierkorb wird endgültig gelöscht, bis ihn jemand freigibt.`,
  'damage-found': ({ clientId, customer, objects }, { count }) =>
    `${clientId} (${customer}): ${count(objects)} gespeicherte Objekte fehlen oder sind nicht, wie sie empfangen wurden. Keine Kopie davon ist gut. Die Seite des Clients sagt, was hilft.`,
  'damage-without-copies': ({ clientId, customer, objects }, { count }) =>
    `${clientId} (${customer}): ${count(objects)} gespeicherte Objekte fehlen oder sind nicht, wie sie empfangen wurden. Der Server hat keine Kopien, um sie zu heilen (GRANARY_COPIES). Die Seite des Clients sagt, was hilft.`,
  'server-backup-failed': ({ reason }) =>
    `Die Sicherung des Servers selbst ist fehlgeschlagen und wird noch einmal versucht: ${reason}`,
}

function saySign(
  { sign, observed, usual, held, since }: Sighting,
  { bytes, count, time }: MessageFormats,
): string {
  const from = `Seit ${time(since)}`
  switch (sign) {
    case 'new-bytes':
      return `${from} hat er ${bytes(observed)} gespeichert; üblich sind ${bytes(usual)}, und sein Vault enthielt ${bytes(held)}.`
    case 'deduplication-lost':
      return `${from} hat er ${bytes(observed)} gespeichert, etwa so viel, wie sein Vault enthielt (${bytes(held)}), wie wenn alle Dateien verschlüsselt werden; üblich sind ${bytes(usual)}.`
    case 'data-removed':
      return `${from} hat er ${bytes(observed)} von ${bytes(held)} in seinem Vault entfernt; üblich sind ${bytes(usual)}.`
    case 'versions-removed':
      return `${from} hat er ${count(observed)} seiner ${count(held)} Versionen entfernt; üblich sind ${count(usual)}.`
    case 'repository-stripped':
      return `${from} fehlen Konfiguration, Schlüssel oder Index seines Repositorys: Ohne sie lässt sich nichts wiederherstellen.`
    case 'version-flood':
      return `${from} sind ${count(observed)} Versionen eingetroffen; üblich sind ${count(usual)}. Aufbewahrung nach Anzahl würde die echten entfernen.`
    case 'clock-skew':
      return `Seine Uhr geht ${sayDuration(Math.abs(observed))} ${observed > 0 ? 'vor' : 'hinter'} der des Servers: Aufbewahrung nach Zeit kann entfernen, was bleiben soll.`
  }
}

function sayDuration(ms: number): string {
  const hours = Math.round(ms / 3_600_000)
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} Tage`
}
