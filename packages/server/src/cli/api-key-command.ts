import { faultOf, faultsInEnglish, fields, type RoleName, roleNames, sayFault } from '@granary/contract'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { apiKeys, CredentialHash, createApiKey, markRevoked, wholeServer } from '../access/access.ts'
import { appendAuditEntry } from '../audit/audit.ts'
import { systemClock } from '../platform/clock.ts'
import type { ApiKeyRow } from '../platform/database/schema.ts'
import { byCommandLine, commandLineActor } from './by-command-line.ts'
import { openForCommand } from './open-for-command.ts'

const day = 24 * 60 * 60 * 1000
const pageRows = 500

export function addApiKeyCommands(program: Command): void {
  const apiKey = program.command('api-key').description('Keys by which programs use the API.')
  apiKey
    .command('create')
    .description('Create a key and print it, once.')
    .requiredOption('--name <name>', 'what it is for', parseName)
    .addOption(new Option('--role <role>', 'what it may do').choices(roleNames).makeOptionMandatory())
    .option('--place <id>', 'the reseller or customer it belongs to')
    .option('--expires <time>', 'when it ends: 90d, or a date such as 2027-01-31', parseExpiry)
    .option('--json', 'answer in JSON')
    .action(create)
  apiKey
    .command('list')
    .description('List the keys that are good, with when each was last used.')
    .option('--json', 'answer in JSON')
    .action(list)
  apiKey
    .command('revoke <id>')
    .description('End a key at once, in every process.')
    .option('--json', 'answer in JSON')
    .action(revoke)
}

async function create(options: {
  name: string
  role: RoleName
  place?: string
  expires?: number
  json?: boolean
}): Promise<void> {
  await using granary = await openForCommand()
  const hash = new CredentialHash(granary.serverKey, 'api-keys')
  const now = systemClock.now()
  const { row, key } = await granary.database.transaction(async (transaction) => {
    const made = await createApiKey(
      transaction,
      { scope: wholeServer, hash, createdBy: commandLineActor, now },
      {
        name: options.name,
        role: options.role,
        place: options.place,
        expiresAt: options.expires ?? null,
      },
    )
    await appendAuditEntry(transaction, {
      ...byCommandLine(now),
      event: 'api-key.created',
      ...targetOf(made.row),
      details: { role: options.role, expiresAt: made.row.expires_at },
    })
    return made
  })
  // The key alone, so that a script can take it.
  console.log(options.json ? JSON.stringify({ id: row.id, name: row.name, role: options.role, key }) : key)
}

async function list(options: { json?: boolean }): Promise<void> {
  await using granary = await openForCommand()
  const store = apiKeys(granary.database.queries, wholeServer)
  const rows: ApiKeyRow[] = []
  let cursor: string | undefined
  do {
    const page = await store.page({ limit: pageRows, cursor, sort: 'name' })
    rows.push(...page.items)
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  if (options.json) {
    console.log(JSON.stringify(rows.map(shown)))
    return
  }
  for (const key of rows.map(shown)) {
    const used = key.lastUsedAt === null ? 'never used' : `last used ${key.lastUsedAt}`
    const ends = key.expiresAt === null ? '' : `, ends ${key.expiresAt}`
    console.log(`${key.id}  ${key.role}  ${key.name}  (${used}${ends})`)
  }
}

async function revoke(id: string, options: { json?: boolean }): Promise<void> {
  await using granary = await openForCommand()
  const now = systemClock.now()
  const revoked = await granary.database.transaction(async (transaction) => {
    const row = await apiKeys(transaction, wholeServer).find(id)
    if (!row) throw new Error(`There is no API key ${id}. See \`granary api-key list\`.`)
    await markRevoked(transaction, row.id, now)
    await appendAuditEntry(transaction, {
      ...byCommandLine(now),
      event: 'api-key.revoked',
      ...targetOf(row),
      details: {},
    })
    return row
  })
  console.log(options.json ? JSON.stringify({ id: revoked.id }) : `Revoked ${revoked.name}.`)
}

function targetOf(row: ApiKeyRow) {
  return {
    targetId: row.id,
    targetName: row.name,
    resellerId: row.reseller_id,
    customerId: row.customer_id,
  }
}

function shown(row: ApiKeyRow) {
  const asText = (time: number | null) => (time === null ? null : new Date(time).toISOString())
  return {
    id: row.id,
    name: row.name,
    role: `${row.level}-${row.role}`,
    place: row.customer_id ?? row.reseller_id,
    createdAt: asText(row.created_at),
    expiresAt: asText(row.expires_at),
    lastUsedAt: asText(row.last_used_at),
  }
}

function parseName(text: string): string {
  const parsed = fields.name.safeParse(text)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new InvalidArgumentError(issue ? sayFault(faultsInEnglish, faultOf(issue)) : 'Not a name.')
}

/** @returns milliseconds since 1970 */
function parseExpiry(text: string): number {
  const days = /^(\d{1,5})d$/.exec(text)?.[1]
  const at = days === undefined ? Date.parse(text) : systemClock.now() + Number(days) * day
  if (Number.isNaN(at))
    throw new InvalidArgumentError('Write days, such as 90d, or a date, such as 2027-01-31.')
  return at
}
