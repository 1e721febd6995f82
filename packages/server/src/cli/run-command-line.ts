import { Command, CommanderError } from 'commander'
import { ConfigError } from '../config.ts'
import { version } from '../version.ts'
import { addAdminCommands } from './admin-command.ts'
import { addApiKeyCommands } from './api-key-command.ts'
import { addAuditCommands } from './audit-command.ts'
import { addReconcileCommand } from './reconcile-command.ts'
import { sentenceFor } from './sentence-for.ts'
import { addServeCommand } from './serve-command.ts'
import { addServerBackupCommands } from './server-backup-commands.ts'
import { addVerifyCommand } from './verify-command.ts'

/** What the command line ends with. */
const exitCodes = { done: 0, failed: 1, askedWrongly: 2 } as const

const environment = `
Set by the environment:
  GRANARY_DATA       folder of the database, the objects and the server's key (./data)
  GRANARY_LISTEN     host:port to listen on (127.0.0.1:8480)
  GRANARY_URL        address people use, where it is another one
  GRANARY_TRUSTED_PROXIES  proxies whose X-Forwarded-For is believed: loopback,10.0.0.0/8
  DATABASE_URL       postgres://…, to use PostgreSQL instead of SQLite
  GRANARY_TLS_CERT   certificate chain in PEM, with GRANARY_TLS_KEY its private key
  GRANARY_SECRET     key of the credentials, where servers share a database
  GRANARY_WORKERS    worker processes (one a core)
  GRANARY_STORAGE    more folders for vaults, as name=/folder, joined by commas
  GRANARY_COPIES     folders with copies of the objects, to heal damaged ones from
  GRANARY_SERVER_BACKUPS  another folder for the daily backups of database and key
  GRANARY_LOG        debug, info, warn or error (warn)

Exit codes: 0 done, 1 failed, 2 asked wrongly.`

/** Runs one command. @returns the exit code; what went wrong stands on stderr in one sentence */
export async function runCommandLine(argv: readonly string[]): Promise<number> {
  const program = new Command('granary')
    .description('The backup server that a service provider runs for other people’s machines.')
    .version(version)
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', environment)
  addServeCommand(program)
  addApiKeyCommands(program)
  addAdminCommands(program)
  addAuditCommands(program)
  addVerifyCommand(program)
  addReconcileCommand(program)
  addServerBackupCommands(program)
  try {
    await program.parseAsync(argv)
    return exitCodes.done
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.askedWrongly
    console.error(sentenceFor(error))
    return error instanceof ConfigError ? exitCodes.askedWrongly : exitCodes.failed
  }
}
