import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { removeOnExit } from './leave-nothing-behind.ts'
import { quickFolder } from './quick-folder.ts'
import { postgresBinaries } from './tools/postgres-binaries.ts'
import { runProgram } from './tools/run-program.ts'

export interface ThrowawayPostgres extends AsyncDisposable {
  /** Of its superuser, on the database `postgres`. */
  readonly url: string
  /** Lets this process end while the cluster still runs; it is then stopped on the way out. */
  unref(): void
}

export interface ThrowawayPostgresOptions {
  /** Off by default: tests lose nothing in a power cut. A benchmark of durable writes wants it on. */
  readonly fsync?: boolean
}

/**
 * A real PostgreSQL cluster of its own in a temporary folder, on a free port of 127.0.0.1, that goes away with
 * its scope. PostgreSQL refuses to run as root, so root hands it to the user `postgres` or `nobody`.
 * @throws {MissingToolError} when PostgreSQL is not installed and can't be
 */
export async function startThrowawayPostgres(
  options: ThrowawayPostgresOptions = {},
): Promise<ThrowawayPostgres> {
  const binaries = await postgresBinaries()
  const owner = await unprivilegedUser()
  const folder = await mkdtemp(path.join(options.fsync ? tmpdir() : await quickFolder(), 'granary-postgres-'))
  const password = randomBytes(12).toString('hex')
  try {
    const passwordFile = path.join(folder, 'password')
    await writeFile(passwordFile, password)
    if (owner) for (const place of [folder, passwordFile]) await chown(place, owner.uid, owner.gid)
    const data = path.join(folder, 'data')
    await runProgram(
      path.join(binaries, 'initdb'),
      [
        '-D',
        data,
        '-U',
        'granary',
        '-E',
        'UTF8',
        '-A',
        'scram-sha-256',
        `--pwfile=${passwordFile}`,
        '--no-sync',
      ],
      // Not the locale C, in which upper and lower case exist for ASCII only.
      { cwd: folder, env: { ...process.env, LC_ALL: 'C.UTF-8' }, ...owner },
    )
    const port = await freePort()
    const settings = {
      listen_addresses: '127.0.0.1',
      port,
      unix_socket_directories: '',
      max_connections: 300,
      ...(options.fsync ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
    }
    const server = spawn(
      path.join(binaries, 'postgres'),
      ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], ...owner },
    )
    const isGone = removeOnExit({ folder, ...(server.pid && { processId: server.pid }) })
    await readiness(server)
    return {
      url: `postgres://granary:${password}@127.0.0.1:${port}/postgres`,
      unref() {
        server.unref()
        ;(server.stderr as Socket).unref()
      },
      async [Symbol.asyncDispose]() {
        await stopPostgres(server)
        await rm(folder, { recursive: true, force: true })
        isGone()
      },
    }
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

async function readiness(server: ChildProcess): Promise<void> {
  let log = ''
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject)
    server.on('exit', (code) =>
      reject(new Error(`PostgreSQL ended with ${code} instead of starting:\n${log}`)),
    )
    server.stderr?.on('data', (chunk: Buffer) => {
      log += chunk
      if (log.includes('ready to accept connections')) resolve()
    })
  })
  // What it writes later is dropped, but has to be read, or it would block.
  server.stderr?.removeAllListeners('data').resume()
}

async function stopPostgres(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  server.ref()
  const ended = new Promise((resolve) => server.once('exit', resolve))
  server.kill('SIGQUIT')
  await ended
}

async function unprivilegedUser(): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const { stdout } = await runProgram('getent', ['passwd', 'postgres', 'nobody']).catch((error) => {
    // 2: one of the two does not exist; the other one will do.
    if (error.result?.exitCode === 2) return error.result
    throw error
  })
  const [, , uid, gid] = stdout.split(':')
  return { uid: Number(uid), gid: Number(gid) }
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('A TCP server has no port.')
  return address.port
}
