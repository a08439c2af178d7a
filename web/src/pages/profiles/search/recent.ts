/** Whom the reader looked at last, in this browser. Only ids of profiles are kept: they say nothing about anybody. */

const KEY = 'tributary-recent-profiles'
const KEPT = 8
const ID = /^p\d+$/

/** The newest first. */
export function readRecent(): readonly string[] {
  try {
    return parseRecent(localStorage.getItem(KEY))
  } catch {
    // A browser may keep nothing for a page.
    return []
  }
}

/** Puts a profile first. */
export function rememberRecent(id: string): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(withRecent(readRecent(), id)))
  } catch {
    // As above.
  }
}

/** Ids in what was kept; none where it is anything else. */
export function parseRecent(text: string | null): readonly string[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(value)
      ? value.filter((id): id is string => typeof id === 'string' && ID.test(id)).slice(0, KEPT)
      : []
  } catch {
    return []
  }
}

/** The list with this one first, and only once. */
export function withRecent(ids: readonly string[], id: string): readonly string[] {
  return [id, ...ids.filter((other) => other !== id)].slice(0, KEPT)
}
