/** Undo and redo over values that are never changed in place. */

/** What was, is, and was taken back. */
export interface History<T> {
  readonly past: readonly T[]
  readonly present: T
  readonly future: readonly T[]
  /** What the newest change was about; typing on in the same place is one change. */
  readonly about?: string
}

/** More steps than anybody takes back. */
const KEPT = 200

/** A history that begins here. */
export function beginHistory<T>(present: T): History<T> {
  return { past: [], present, future: [] }
}

/**
 * A change. Where it is the present itself nothing happens.
 * @param about the field that is typed in: changes of one field in a row are taken back together
 */
export function change<T>(history: History<T>, next: T, about?: string): History<T> {
  if (next === history.present) return history
  const goesOn = about !== undefined && about === history.about && history.future.length === 0
  const past = goesOn ? history.past : [...history.past, history.present].slice(-KEPT)
  return { past, present: next, future: [], ...(about !== undefined && { about }) }
}

/** One step back. */
export function undo<T>({ past, present, future }: History<T>): History<T> {
  if (past.length === 0) return { past, present, future }
  return { past: past.slice(0, -1), present: past.at(-1)!, future: [present, ...future] }
}

/** One step forward again. */
export function redo<T>({ past, present, future }: History<T>): History<T> {
  const [next, ...rest] = future
  if (next === undefined) return { past, present, future }
  return { past: [...past, present], present: next, future: rest }
}
