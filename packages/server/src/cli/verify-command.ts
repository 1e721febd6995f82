import type { Command } from 'commander'
import { readConfig } from '../config.ts'
import { scrubObjects } from '../scrub/scrub.ts'
import { openForCommand } from './open-for-command.ts'
import { openScrubParts } from './open-scrub-parts.ts'

export function addVerifyCommand(program: Command): void {
  program
    .command('verify')
    .description('Read stored objects again and compare each with its name, the hash of what was received.')
    .option('--client <id>', 'of one client only')
    .option('--heal', 'replace damaged objects by good copies from GRANARY_COPIES')
    .option('--json', 'answer in JSON')
    .addHelpText('after', '\nEnds with 1 when something is damaged and could not be healed.')
    .action(verify)
}

async function verify(options: { client?: string; heal?: boolean; json?: boolean }): Promise<void> {
  await using granary = await openForCommand()
  const config = readConfig(process.env)
  const parts = await openScrubParts(config, granary, 'verify')
  const vaultNo = options.client === undefined ? undefined : await vaultOf(parts.database, options.client)
  const result = { objects: 0, bytes: 0, damaged: [] as object[], unhealed: 0 }
  try {
    for await (const { inspected } of scrubObjects(parts, { vaultNo, heal: options.heal ?? false })) {
      for (const { clientId, handle, bytes, damage, healedFrom } of inspected) {
        result.objects += 1
        result.bytes += bytes
        if (damage === null) continue
        const place = handle.type === 'config' ? 'config' : `${handle.type}/${handle.name}`
        result.damaged.push({ client: clientId, object: place, damage, healedFrom })
        if (healedFrom === null) result.unhealed += 1
        if (options.json) continue
        const outcome = healedFrom === null ? '' : `, healed from ${healedFrom}`
        console.log(`${clientId}: ${place} is damaged (${damage.replace('-', ' ')})${outcome}`)
      }
      if (process.stderr.isTTY && !options.json) process.stderr.write(`\r${result.objects} objects read`)
    }
  } finally {
    await parts.store.close()
  }
  if (process.stderr.isTTY && !options.json) process.stderr.write('\r\x1b[K')
  if (options.json) console.log(JSON.stringify(result))
  else console.log(`${result.objects} objects read, ${result.damaged.length} damaged.`)
  if (result.unhealed === 0) return
  throw new Error(
    options.heal
      ? `${result.unhealed} damaged objects have no good copy. ${withoutCopy}`
      : `${result.unhealed} objects are damaged. Set GRANARY_COPIES and add --heal to replace them by good copies. ${withoutCopy}`,
  )
}

/** What brings back what is still on the machine; a backup alone does not, as restic's index still has the objects. */
const withoutCopy =
  'Without a copy: on those clients run restic repair packs with the names of those with wrong bytes, restic repair index --read-all-packs where some are missing, and then restic backup --force.'

async function vaultOf(
  { queries }: Awaited<ReturnType<typeof openForCommand>>['database'],
  clientId: string,
): Promise<number> {
  const client = await queries
    .selectFrom('clients')
    .select('vault_no')
    .where('client_id_key', '=', clientId.toLowerCase())
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (!client)
    throw new Error(`There is no client ${clientId}. See the List of Customers for the IDs there are.`)
  return client.vault_no
}
