/** How a source is doing, in one word, and what somebody should look at. */
import { sentenceOf, splitError } from '../../../ui/words.js'

/** What is known of a source at one look. */
interface SourceFacts {
  readonly state: 'published' | 'new' | 'changed' | 'removed'
  readonly running: object | null
  readonly paused: boolean
  readonly note: string
  readonly last: { readonly outcome: string; readonly error: string | null; readonly rejects: number } | null
}

/** A status that the badge knows. */
export function statusOfSource({ running, paused, last, state }: SourceFacts): string {
  if (running !== null) return 'running'
  if (paused) return 'paused'
  if (last !== null) return last.outcome
  return state === 'published' ? 'never' : state
}

/** What needs attention, in a sentence; undefined where nothing does. */
export function attentionOf({ paused, note, last }: SourceFacts): string | undefined {
  if (last !== null && last.error !== null && (last.outcome === 'failed' || last.outcome === 'partial'))
    return sentenceOf(splitError(last.error).what)
  if (last !== null && last.rejects > 0)
    return last.rejects === 1
      ? '1 row was rejected.'
      : `${last.rejects.toLocaleString('en')} rows were rejected.`
  if (paused && note !== '') return sentenceOf(note)
  return undefined
}
