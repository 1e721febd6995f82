import { readFileSync } from 'node:fs'

/** The names of users and groups by their numbers, from the system's files, read once. */
export class AccountNames {
  readonly #users: Map<number, string>
  readonly #groups: Map<number, string>

  constructor(usersFile = '/etc/passwd', groupsFile = '/etc/group') {
    this.#users = readAccounts(usersFile)
    this.#groups = readAccounts(groupsFile)
  }

  user(uid: number): string {
    return this.#users.get(uid) ?? ''
  }

  group(gid: number): string {
    return this.#groups.get(gid) ?? ''
  }
}

/** The numbers of users and groups by their names. */
export class AccountNumbers {
  readonly #users: Map<string, number>
  readonly #groups: Map<string, number>

  constructor(usersFile = '/etc/passwd', groupsFile = '/etc/group') {
    this.#users = numbersByName(readAccounts(usersFile))
    this.#groups = numbersByName(readAccounts(groupsFile))
  }

  user(name: string): number | undefined {
    return this.#users.get(name)
  }

  group(name: string): number | undefined {
    return this.#groups.get(name)
  }
}

function numbersByName(accounts: ReadonlyMap<number, string>): Map<string, number> {
  return new Map(accounts.entries().map(([number, name]) => [name, number]))
}

/** Both files have the name in the first and the number in the third field. */
function readAccounts(file: string): Map<number, string> {
  const accounts = new Map<number, string>()
  let lines: string[]
  try {
    lines = readFileSync(file, 'utf8').split('\n')
  } catch (error) {
    // Minimal containers and other systems have no such file: the numbers have to do.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return accounts
    throw error
  }
  for (const line of lines) {
    const [name, , number] = line.split(':')
    if (name && number && !accounts.has(Number(number))) accounts.set(Number(number), name)
  }
  return accounts
}
