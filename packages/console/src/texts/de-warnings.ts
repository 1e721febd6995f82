import type { Translation } from './translation.ts'

const count = new Intl.NumberFormat('de')
const many = (amount: number, one: string, more: string) =>
  `${count.format(amount)} ${amount === 1 ? one : more}`

export const warnings: Translation['warnings'] = {
  mark: 'Warnzeichen',
  banner: 'Warnzeichen dieses Clients',
  title: 'Dieser Client zeigt Anzeichen eines Angriffs oder eines Versehens',
  frozenText:
    'Sein Papierkorb ist eingefroren: Nichts wird endgültig gelöscht, bis ihn jemand freigibt. Wenn Sie das nicht erwartet haben, deaktivieren Sie den Client oder setzen Sie seine Zugangsdaten zurück, und versetzen Sie seinen Speicher auf den Stand davor.',
  signs: {
    'new-bytes': 'Weit mehr neue Daten als üblich',
    'deduplication-lost':
      'So viele neue Daten, wie der Speicher enthielt, wie wenn alle Dateien verschlüsselt wurden',
    'data-removed': 'Die meisten Daten wurden entfernt',
    'versions-removed': 'Fast alle Versionen wurden entfernt',
    'repository-stripped': 'Konfiguration, Schlüssel oder Index des Repositorys fehlen',
    'version-flood': 'Eine Flut von Versionen',
    'clock-skew': 'Seine Uhr geht falsch',
  },
  sized: (observed, usual, held) => `${observed}; üblich sind ${usual}. Davor enthielt der Speicher ${held}.`,
  counted: (observed, usual, held) =>
    `${many(observed, 'Version', 'Versionen')}; üblich sind ${count.format(usual)}. Davor enthielt der Speicher ${count.format(held)}.`,
  stripped: 'Ohne sie lässt sich nichts wiederherstellen.',
  clock: (duration, isAhead) =>
    `${duration} ${isAhead ? 'vor' : 'hinter'} der Uhr des Servers. Aufbewahrung nach Zeit kann entfernen, was bleiben soll.`,
  since: 'seit',
  putBack: 'Auf den Stand davor zurück',
  release: 'Freigeben',
  releaseTitle: (name) => `Papierkorb von ${name} freigeben?`,
  releaseText:
    'Die Fristen im Papierkorb laufen weiter; was inzwischen abgelaufen ist, wird frühestens in drei Tagen endgültig gelöscht. Die Warnzeichen werden geschlossen.',
  reason: 'Grund',
  reasonHint: 'Kann leer bleiben. Steht im Protokoll.',
  expected: 'Das ist ab jetzt üblich für diesen Client: kein Alarm mehr bei ebenso viel',
  released: (name) => `Der Papierkorb von ${name} ist freigegeben.`,
  keptUntil: 'Freigegeben. Nichts wird endgültig gelöscht vor:',
  activity: 'Was er gespeichert und entfernt hat, Tag für Tag',
  stored: 'Gespeichert',
  removed: 'Entfernt',
  usualStored: 'Üblich gespeichert',
  lastDay: 'Letzter Tag mit Backup',
  usualDay: 'Ein üblicher Tag',
  learning: (days, needed) =>
    `Bisher bekannt: ${many(days, 'Tag', 'Tage')} mit Backups. Ab ${count.format(needed)} Tagen wird verglichen, was für ihn üblich ist.`,
  off: 'Für diesen Client sind Warnzeichen ausgeschaltet.',
  attention: 'Beachten',
  attentionAll: 'Beachten: alle',
  attentionWarning: 'Mit Warnzeichen',
  attentionDamage: 'Mit Schäden',
  frozen: 'eingefroren',
  frozenTitle: (name) => `Warum ${name} eingefroren ist`,
  frozenBy:
    'Diese Clients zeigen Warnzeichen. Was mit ihnen gelöscht wurde, wird erst endgültig gelöscht, wenn jeder von ihnen freigegeben ist.',
  noneFrozen: 'Kein Client ist mehr eingefroren.',
  showFrozen: 'Warum es eingefroren ist …',
  frozenHint:
    'Der Client zeigt Warnzeichen: Nichts wird endgültig gelöscht, bis sein Papierkorb freigegeben ist.',
}

export const damage: Translation['damage'] = {
  title: 'Beschädigte Objekte',
  banner: 'Beschädigte Objekte dieses Clients',
  what: 'beschädigte Objekte',
  amount: (amount) => many(amount, 'Objekt', 'Objekte'),
  found: (objects) =>
    `${many(objects, 'gespeichertes Objekt fehlt oder ist', 'gespeicherte Objekte fehlen oder sind')} nicht wie empfangen`,
  advice:
    'Gute Kopien werden bei jeder Prüfung gesucht (GRANARY_COPIES). Gibt es keine, auf der Maschine: „restic repair packs“ mit den Namen derer mit falschen Bytes, „restic repair index --read-all-packs“, wo welche fehlen, und danach „restic backup --force“, das neu speichert, was noch da ist.',
  show: 'Anzeigen',
  object: 'Objekt',
  client: 'Client',
  damage: 'Schaden',
  kinds: { missing: 'Fehlt', 'wrong-size': 'Falsche Größe', 'wrong-bytes': 'Falsche Bytes' },
  foundAt: 'Gefunden',
  healed: 'Geheilt',
  healedFrom: 'Geheilt aus',
  state: 'Stand',
  states: { damaged: 'Beschädigt', healed: 'Geheilt', removed: 'Seither entfernt' },
  emptyTitle: 'Nichts ist beschädigt',
  emptyText:
    'Jedes gespeicherte Objekt wird innerhalb von dreißig Tagen neu gelesen und mit dem verglichen, was empfangen wurde.',
  round: (share) => `Diese Runde der Prüfung hat ${share} des Gespeicherten gelesen.`,
  roundBegan: 'Begonnen',
  lastRound: 'Letzte Runde beendet',
  noCopies: 'Der Server hat keine Kopien, aus denen er heilen könnte (GRANARY_COPIES).',
}
