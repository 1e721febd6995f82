import { degree, type Polynomial } from '../chunker/rabin-polynomial.ts'
import { RepositoryProblem } from '../repository-problem.ts'

/** What `config` holds: the identity of a repository, and how it splits files. */
export interface RepositoryConfig {
  readonly version: 1 | 2
  readonly id: string
  readonly chunkerPolynomial: Polynomial
}

export function encodeConfig(config: RepositoryConfig): Uint8Array {
  return new TextEncoder().encode(
    JSON.stringify({
      version: config.version,
      id: config.id,
      chunker_polynomial: config.chunkerPolynomial.toString(16),
    }),
  )
}

/** @throws {RepositoryProblem} `damaged-config`, `unsupported-version` */
export function parseConfig(bytes: Uint8Array): RepositoryConfig {
  const raw = parseJsonObject(bytes)
  if (!raw) throw new RepositoryProblem('damaged-config', 'config does not hold what it should')
  const { version, id, chunker_polynomial: polynomial } = raw
  if (version !== 1 && version !== 2) {
    throw new RepositoryProblem('unsupported-version', `this repository has version ${version}`)
  }
  if (typeof id !== 'string' || typeof polynomial !== 'string' || !/^[0-9a-f]{1,16}$/i.test(polynomial)) {
    throw new RepositoryProblem('damaged-config', 'config does not hold what it should')
  }
  const chunkerPolynomial = BigInt(`0x${polynomial}`)
  if (degree(chunkerPolynomial) !== 53) {
    throw new RepositoryProblem(
      'reducible-polynomial',
      `the chunker polynomial ${polynomial} in config is wrong`,
    )
  }
  return { version, id, chunkerPolynomial }
}

function parseJsonObject(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
