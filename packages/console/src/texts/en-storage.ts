/** Texts about where vaults lie. */

export const storage = {
  location: 'Storage location',
  locationText: 'Where the vaults of new clients are made. Vaults that are there stay where they are.',
  locations: 'Storage locations',
  locationsText:
    'The disks that vaults lie on, as GRANARY_STORAGE names them. New vaults are made where their customer or the level above it says, else in the one chosen here.',
  asAbove: 'As the level above says',
  asAboveNamed: (name: string) => `As the level above says (${name})`,
  freeNamed: (name: string, free: string) => `${name} – ${free} free`,
  notThereNamed: (name: string) => `${name} – its disk is not mounted`,
  name: 'Location',
  vaults: 'Vaults',
  held: 'They hold',
  heldHint: 'Used space of their clients, with what lies in the trash',
  disk: 'Disk used',
  free: 'Free',
  newVaults: 'New vaults',
  newVaultsHint: 'New vaults are made here unless a level below says otherwise',
  notThere: 'Disk not mounted',
  notThereHint: 'Mount the disk: until then these vaults can be neither backed up to nor restored from.',
}
