/** Roles in words. */
import type { Role } from '../../app/roles.js'

/** Each includes what those before it may do. */
export const ROLES: readonly { readonly value: Role; readonly label: string; readonly may: string }[] = [
  { value: 'viewer', label: 'Viewer', may: 'Sees everything but personal data.' },
  {
    value: 'marketer',
    label: 'Marketer',
    may: 'Sees people; connects sources and tools, builds segments, sends and approves.',
  },
  { value: 'operator', label: 'Operator', may: 'Runs, stops and resets everything, edits files, publishes.' },
  { value: 'admin', label: 'Admin', may: 'Manages members and tokens, reads who did what.' },
]

/** The role's name. */
export function roleLabel(role: Role): string {
  return ROLES.find(({ value }) => value === role)?.label ?? role
}
