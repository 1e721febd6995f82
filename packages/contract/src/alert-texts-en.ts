import type { AlertTexts, AlertTitles, MessageFormats } from './alert-texts.ts'
import type { Sighting } from './warning-signs.ts'

const renewal = 'Renew it, or clients will refuse to connect; the server takes up the new files by itself.'

export const alertTitlesEn: AlertTitles = {
  'space-low': 'Space is low',
  'mcals-short': 'MCALs are short',
  'trial-ending': 'Trial is ending',
  'backup-overdue': 'Backup is overdue',
  'disk-low': 'Disk is low',
  'certificate-ending': 'Certificate is ending',
  'warning-sign': 'Warning signs',
  'damage-found': 'Damaged backups',
  'server-backup-failed': 'The server’s own backup failed',
}

export const alertTextsEn: AlertTexts = {
  'space-low': ({ name, usedBytes, allottedBytes }, { bytes }) =>
    `${name} uses ${bytes(usedBytes)} of ${bytes(allottedBytes)}. Uploads are refused at the limit.`,
  'mcals-short': ({ name, left, needed, missing }, { count }) =>
    `${name} has ${count(left)} MCALs left and is likely to need ${count(needed)} more this month: ${count(missing)} are missing.`,
  'trial-ending': ({ clientId, customer, endsAt }, { time }) =>
    `The trial of ${clientId} (${customer}) ends on ${time(endsAt)}. After that its backups are refused.`,
  'backup-overdue': ({ clientId, customer, lastBackupAt }, { time }) =>
    `${clientId} (${customer}) has not backed up since ${time(lastBackupAt)}, later than its usual rhythm.`,
  'disk-low': ({ freeBytes, totalBytes }, { bytes }) =>
    `The server’s disk has ${bytes(freeBytes)} of ${bytes(totalBytes)} free. When it is full, uploads are refused.`,
  'location-low': ({ location, freeBytes, totalBytes }, { bytes }) =>
    `The storage location ${location} has ${bytes(freeBytes)} of ${bytes(totalBytes)} free. When it is full, uploads to its vaults are refused.`,
  'disk-files-low': ({ freeFiles, totalFiles }, { count }) =>
    `The server’s disk holds ${count(totalFiles)} files at most and has room for ${count(freeFiles)} more, however many bytes are free. When there is none, uploads are refused.`,
  'location-files-low': ({ location, freeFiles, totalFiles }, { count }) =>
    `The disk of the storage location ${location} holds ${count(totalFiles)} files at most and has room for ${count(freeFiles)} more, however many bytes are free. When there is none, uploads to its vaults are refused.`,
  'location-gone': ({ location }) =>
    `The disk of the storage location ${location} is not mounted. Until it is, its vaults can be neither backed up to nor restored from.`,
  'certificate-ending': ({ endsAt }, { time }) =>
    `The server’s certificate ends on ${time(endsAt)}. ${renewal}`,
  'certificate-ended': ({ endedAt }, { time }) =>
    `The server’s certificate ended on ${time(endedAt)}. ${renewal}`,
  'certificate-mismatched': () =>
    'The server’s certificate does not belong to its private key, so the server goes on with the one before. Put both in place.',
  'certificate-unreadable': ({ reason }) =>
    `The server’s certificate can’t be read, so the server goes on with the one before: ${reason}`,
  'warning-signs': ({ clientId, customer, signs }, formats) =>
    `${clientId} (${customer}): ${signs.map((sign) => saySign(sign, formats)).join(' ')} Nothing in its trash is purged until somebody releases it.`,
  'damage-found': ({ clientId, customer, objects }, { count }) =>
    `${clientId} (${customer}): ${count(objects)} stored objects are missing or not as they were received. No copy of them is good. The page of the client says what helps.`,
  'damage-without-copies': ({ clientId, customer, objects }, { count }) =>
    `${clientId} (${customer}): ${count(objects)} stored objects are missing or not as they were received. The server has no copies to heal them from (GRANARY_COPIES). The page of the client says what helps.`,
  'server-backup-failed': ({ reason }) => `The server’s own backup failed and will be tried again: ${reason}`,
}

function saySign(
  { sign, observed, usual, held, since }: Sighting,
  { bytes, count, time }: MessageFormats,
): string {
  const from = `Since ${time(since)}`
  switch (sign) {
    case 'new-bytes':
      return `${from} it stored ${bytes(observed)}; ${bytes(usual)} are usual, and its vault held ${bytes(held)}.`
    case 'deduplication-lost':
      return `${from} it stored ${bytes(observed)}, about as much as its vault held (${bytes(held)}), as when all files are encrypted; ${bytes(usual)} are usual.`
    case 'data-removed':
      return `${from} it removed ${bytes(observed)} of the ${bytes(held)} in its vault; ${bytes(usual)} are usual.`
    case 'versions-removed':
      return `${from} it removed ${count(observed)} of its ${count(held)} versions; ${count(usual)} are usual.`
    case 'repository-stripped':
      return `${from} the config, the keys or the index of its repository are gone: without them nothing can be restored.`
    case 'version-flood':
      return `${from} ${count(observed)} versions arrived; ${count(usual)} are usual. Retention by number would drop the real ones.`
    case 'clock-skew':
      return `Its clock is ${sayDuration(Math.abs(observed))} ${observed > 0 ? 'ahead of' : 'behind'} the server’s: retention by time may remove what should stay.`
  }
}

function sayDuration(ms: number): string {
  const hours = Math.round(ms / 3_600_000)
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`
}
