import {
  type Level,
  levels,
  parseRoleName,
  type Role,
  type RoleName,
  roleNames,
  roles,
} from '@granary/contract'

/** Nobody gives away more than they have: own level or below, own role or weaker. */
export function rolesToGive(session: { readonly level: Level; readonly role: Role }): RoleName[] {
  return roleNames.filter((roleName) => {
    const { level, role } = parseRoleName(roleName)
    return (
      levels.indexOf(level) >= levels.indexOf(session.level) &&
      roles.indexOf(role) <= roles.indexOf(session.role)
    )
  })
}
