/** What the roles are, and which includes which. */
import type { components } from '../api/schema.js'

export type Role = components['schemas']['Session']['role']

const RANK: Readonly<Record<Role, number>> = { viewer: 0, marketer: 1, operator: 2, admin: 3 }

/** True where `held` includes what `needed` may do. */
export function can(held: Role, needed: Role): boolean {
  return RANK[held] >= RANK[needed]
}
