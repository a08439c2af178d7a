/**
 * Folders that a config may name, by role. A worker reads and writes as the machine's user: whoever may name any folder has
 * its keys and passwords. Marketers name folders of the workspace; others are for operators.
 */
import { hasRole, type Role } from '../../operations/members/roles.js'

/** The role may not name this place. */
export class PlaceRefused extends Error {
  override readonly name = 'PlaceRefused'
}

/** @param body a request's, whatever it is @throws PlaceRefused */
export function assertPlaces(body: unknown, role: Role): void {
  if (hasRole(role, 'operator') || locations(body).every(isOfWorkspace)) return
  throw new PlaceRefused(
    'reading the folder of the location: only folders of the workspace that are not hidden; write e.g. ./data, or ask an operator',
  )
}

/** Every `location: { folder }` in a value. */
function locations(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return []
  return Object.entries(value).flatMap(([key, item]) => {
    const folder =
      key === 'location' && typeof item === 'object' ? (item as { folder?: unknown })?.folder : null
    return [...(typeof folder === 'string' ? [folder] : []), ...locations(item)]
  })
}

/** Relative, and through no hidden folder: `.tributary` holds the passwords of the stack. */
function isOfWorkspace(folder: string): boolean {
  if (/^[/\\~]|^[A-Za-z]:|\$\{/.test(folder)) return false
  return folder.split(/[/\\]/).every((part, index) => !part.startsWith('.') || (part === '.' && index === 0))
}
