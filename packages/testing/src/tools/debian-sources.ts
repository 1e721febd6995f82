/**
 * What apt on this machine reads its packages from, with the release exchanged for another one: the mirrors,
 * keys and options stay those of the machine. Reads both of apt's formats, see sources.list(5).
 */

export interface AptSourceFile {
  /** `debian.sources` (deb822 stanzas) or `sources.list` (one line per source). */
  readonly name: string
  readonly text: string
}

/**
 * @param release codename of the machine's own release, e.g. `bookworm`
 * @param suite codename to ask for instead, e.g. `forky`
 * @returns deb822 stanzas, empty where the machine knows no Debian archive
 */
export function sourcesForSuite(files: readonly AptSourceFile[], release: string, suite: string): string {
  const stanzas = files.flatMap((file) =>
    file.name.endsWith('.sources') ? readStanzas(file.text) : readLines(file.text),
  )
  return stanzas
    .filter((stanza) => words(stanza, 'Types').includes('deb') && words(stanza, 'Enabled')[0] !== 'no')
    .filter((stanza) => words(stanza, 'Components').includes('main'))
    .filter((stanza) => words(stanza, 'Suites').some((name) => isMainSuite(name, release)))
    .map((stanza) => writeStanza(new Map([...stanza, ['Types', 'deb'], ['Suites', suite]])))
    .join('\n')
}

type Stanza = ReadonlyMap<string, string>

const words = (stanza: Stanza, field: string) => (stanza.get(field) ?? '').split(/\s+/).filter(Boolean)

// Not `bookworm-updates` nor `bookworm-security`: other releases need not have them.
const isMainSuite = (name: string, release: string) =>
  [release, 'stable', 'oldstable', 'testing'].includes(name)

function readStanzas(text: string): Stanza[] {
  return text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')
    .split(/\n\s*\n/)
    .map((paragraph) => {
      // A line that starts with a space continues the field before it, as an inline key does.
      const fields = paragraph.split(/\n(?=\S)/).map((field) => field.trimStart())
      return new Map(
        fields.flatMap((field) => {
          const colon = field.indexOf(':')
          return colon < 0 ? [] : [[field.slice(0, colon), field.slice(colon + 1).trim()] as const]
        }),
      )
    })
}

/** `deb [arch=amd64 signed-by=/key.gpg] uri suite component…` */
function readLines(text: string): Stanza[] {
  const optionFields: Record<string, string> = {
    arch: 'Architectures',
    'signed-by': 'Signed-By',
    trusted: 'Trusted',
  }
  return text.split('\n').flatMap((line) => {
    const match = /^deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+([^#]+)/.exec(line.trim())
    if (!match) return []
    const [, options = '', uri = '', suite = '', components = ''] = match
    const fields = options.split(/\s+/).flatMap((option) => {
      const [key = '', value = ''] = option.split('=')
      const field = optionFields[key]
      return field ? [[field, value.replaceAll(',', ' ')] as const] : []
    })
    return [
      new Map([
        ['Types', 'deb'],
        ['URIs', uri],
        ['Suites', suite],
        ['Components', components.trim()],
        ...fields,
      ]),
    ]
  })
}

const writeStanza = (stanza: Stanza) =>
  `${[...stanza].map(([field, value]) => `${field}: ${value}`).join('\n')}\n`
