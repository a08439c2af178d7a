/** How a source is doing, in one word. */
import type { components } from '../../api/schema.js'

type SourceLine = components['schemas']['SourceLine']

/** A status that the badge knows. */
export function sourceStatus(source: Pick<SourceLine, 'running' | 'paused' | 'last' | 'state'>): string {
  if (source.running !== null) return 'running'
  if (source.paused) return 'paused'
  if (source.last !== null) return source.last.outcome
  return source.state === 'published' ? 'never' : source.state
}
