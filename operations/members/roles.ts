/** The four roles; each may do all that the one before may. */
import { nearestName } from '@tributary/schemas'

/** From the least to the most. */
export const ROLES = ['viewer', 'marketer', 'operator', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** There is no such role. */
export class RoleUnknown extends Error {
  override readonly name = 'RoleUnknown'
}

/** True where a role may do what needs at least another. */
export function hasRole(role: Role, least: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(least)
}

/** Personal data is for those who work with it. */
export function seesPersonalData(role: Role): boolean {
  return hasRole(role, 'marketer')
}

/** Who may let a secret be sent to another place than the one that it was given for. */
export function movesSecrets(role: Role): boolean {
  return hasRole(role, 'operator')
}

/** @throws RoleUnknown with the nearest name */
export function asRole(text: string): Role {
  const role = ROLES.find((known) => known === text)
  if (role !== undefined) return role
  const meant = nearestName(text, ROLES)
  throw new RoleUnknown(
    `reading the role ${text}: there is none like it; ${meant ? `did you mean ${meant}?` : `write one of ${ROLES.join(', ')}`}`,
  )
}
