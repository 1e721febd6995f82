import path from 'node:path'
import { unpackDebianPackage } from './debian-package.ts'
import { runProgram } from './run-program.ts'
import { MissingToolError, toolFolder } from './tools-folder.ts'

/** The oldest restic we promise to serve, and the newest. */
export type ResticVersion = '0.14.0' | '0.19.1'

const suites = { '0.14.0': 'bookworm', '0.19.1': 'forky' } as const

/**
 * The path of stock restic in exactly this version, fetched from Debian at the first call.
 * `GRANARY_RESTIC_0_14_0` and `GRANARY_RESTIC_0_19_1` name a program of your own instead.
 * @throws {MissingToolError} where it can't be fetched
 */
export async function resticBinary(version: ResticVersion): Promise<string> {
  const variable = `GRANARY_RESTIC_${version.replaceAll('.', '_')}`
  const override = process.env[variable]
  if (override) return override
  const advice = `Set ${variable} to the path of a restic ${version} program.`
  const folder = await toolFolder(`restic-${version}`, async (draft) => {
    await fetchInto(draft, { name: 'restic', suite: suites[version] }, advice)
    const { stdout } = await runProgram(path.join(draft, 'usr/bin/restic'), ['version'])
    if (!stdout.startsWith(`restic ${version} `)) {
      throw new MissingToolError(`Debian ${suites[version]} now carries ${stdout.trim()}. ${advice}`)
    }
  })
  return path.join(folder, 'usr/bin/restic')
}

/**
 * The path of restic-rest-server 0.14, the server we measure ourselves against, fetched like restic.
 * `GRANARY_REST_SERVER` names a program of your own instead.
 * @throws {MissingToolError} where it can't be fetched
 */
export async function restServerBinary(): Promise<string> {
  const override = process.env.GRANARY_REST_SERVER
  if (override) return override
  const folder = await toolFolder('restic-rest-server-0.14', (draft) =>
    fetchInto(
      draft,
      { name: 'restic-rest-server', suite: 'forky' },
      'Set GRANARY_REST_SERVER to the path of a restic-rest-server 0.14 program.',
    ),
  )
  return path.join(folder, 'usr/bin/restic-rest-server')
}

async function fetchInto(draft: string, package_: { name: string; suite: string }, advice: string) {
  try {
    await unpackDebianPackage(package_, draft)
  } catch (error) {
    if (error instanceof MissingToolError) throw new MissingToolError(`${error.message} ${advice}`)
    throw error
  }
}
