/** What a JSON Schema cannot say about how long data is kept: no length is under a day. */
import { parseDuration } from '@tributary/schemas'
import type { ProblemAt } from './document.js'

/** A run of a sync, its retries and its waits are over by then: nothing that is still being loaded is ever old. */
const MIN_MS = 24 * 3_600_000

/** Problems of `retention` in a workspace file, which may be of any shape. */
export function retentionProblems(file: unknown): ProblemAt[] {
  const { retention } = (file ?? {}) as { readonly retention?: unknown }
  if (typeof retention !== 'object' || retention === null) return []
  return Object.entries(retention)
    .filter(([, length]) => isShort(length))
    .map(([kind]) => ({
      path: ['retention', kind],
      message: 'is too short',
      remedy: 'write 1d or more: data is removed once a day',
    }))
}

function isShort(length: unknown): boolean {
  try {
    return typeof length === 'string' && parseDuration(length) < MIN_MS
  } catch {
    return false
  }
}
