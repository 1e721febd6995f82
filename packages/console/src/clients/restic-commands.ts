/** The commands with which a machine starts backing up with the stock restic program. */

export type Shell = 'unix' | 'windows'

export interface Vault {
  readonly vaultUrl: string
  readonly clientId: string
  readonly secret: string
}

/**
 * The address that restic takes, credentials included: restic 0.14 reads them nowhere else.
 * They stand URL-encoded, as restic decodes them (`net/url`, userinfo).
 */
export function repositoryAddress({ vaultUrl, clientId, secret }: Vault): string {
  const url = new URL(vaultUrl)
  const credentials = `${encodeUserInfo(clientId)}:${encodeUserInfo(secret)}`
  return `rest:${url.protocol}//${credentials}@${url.host}${url.pathname}`
}

/** encodeURIComponent leaves `! ' ( ) *` as they are; a shell or a chat program would not. */
function encodeUserInfo(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

export interface ResticCommands {
  readonly address: string
  readonly init: string
  readonly backup: string
}

export function resticCommands(vault: Vault, shell: Shell): ResticCommands {
  const repository = repositoryAddress(vault)
  return shell === 'unix'
    ? {
        address: `export RESTIC_REPOSITORY='${repository}'`,
        init: 'restic init',
        backup: 'restic backup "$HOME"',
      }
    : {
        address: `$env:RESTIC_REPOSITORY = '${repository}'`,
        init: 'restic init',
        backup: 'restic backup "$env:USERPROFILE"',
      }
}

/** A secret of the machine's own, for letting it in by the pass key. */
export function randomSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(24))
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
}
