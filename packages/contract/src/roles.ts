/** Who may do what: a user or an API key belongs to a level, in a place at that level, with a role. */

export const levels = ['server', 'reseller', 'customer'] as const
export type Level = (typeof levels)[number]

/** From weakest to strongest: each role may do what those before it may. */
export const roles = ['read-only', 'operator', 'admin'] as const
export type Role = (typeof roles)[number]

/** Level and role in one word, as API keys and the command line name them: `server-admin`. */
export const roleNames = levels.flatMap((level) => roles.map((role) => `${level}-${role}` as const))
export type RoleName = `${Level}-${Role}`

export function parseRoleName(roleName: RoleName): { level: Level; role: Role } {
  const dash = roleName.indexOf('-')
  return { level: roleName.slice(0, dash) as Level, role: roleName.slice(dash + 1) as Role }
}

/** What a route asks of whoever calls it. `levels` are those whose users may call it at all. */
export interface AccessRule {
  readonly levels: readonly Level[]
  readonly role: Role
  /** Not for API keys */
  readonly onlyPeople?: boolean
}

export function permits(rule: AccessRule, who: { level: Level; role: Role }): boolean {
  return rule.levels.includes(who.level) && roles.indexOf(who.role) >= roles.indexOf(rule.role)
}
