import type { Translation } from './translation.ts'

export const storage: Translation['storage'] = {
  location: 'Speicherort',
  locationText: 'Wo die Vaults neuer Clients angelegt werden. Vorhandene Vaults bleiben, wo sie sind.',
  locations: 'Speicherorte',
  locationsText:
    'Die Platten, auf denen Vaults liegen, wie GRANARY_STORAGE sie nennt. Neue Vaults entstehen, wo ihr Kunde oder die Ebene über ihm es bestimmt, sonst am hier gewählten Ort.',
  asAbove: 'Wie die Ebene darüber',
  asAboveNamed: (name) => `Wie die Ebene darüber (${name})`,
  freeNamed: (name, free) => `${name} – ${free} frei`,
  notThereNamed: (name) => `${name} – Platte nicht eingehängt`,
  name: 'Ort',
  vaults: 'Vaults',
  held: 'Inhalt',
  heldHint: 'Belegter Speicher der Clients, samt dem, was im Papierkorb liegt',
  disk: 'Platte belegt',
  free: 'Frei',
  newVaults: 'Neue Vaults',
  newVaultsHint: 'Neue Vaults entstehen hier, wenn keine Ebene darunter etwas anderes bestimmt',
  notThere: 'Platte nicht eingehängt',
  notThereHint:
    'Hängen Sie die Platte ein: Bis dahin ist auf diese Vaults weder Sicherung noch Wiederherstellung möglich.',
}
