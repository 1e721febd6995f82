import { levels, parseRoleName, type RoleName, roleNames, roles, type Session } from '@granary/contract'

/** Nobody gives away more than they have: own level or below, own role or weaker. */
export function rolesToGive(session: Pick<Session, 'level' | 'role' | 'server'>): RoleName[] {
  return roleNames.filter((roleName) => {
    const { level, role } = parseRoleName(roleName)
    if (level === 'reseller' && !session.server.resellerManagement) return false
    return (
      levels.indexOf(level) >= levels.indexOf(session.level) &&
      roles.indexOf(role) <= roles.indexOf(session.role)
    )
  })
}
