/** What activations do and what became of records, in the words of people who use them. */
import { seen } from '../../../ui/seen.js'
import { sentenceOf as asSentence } from '../../../ui/words.js'
import type { ActivationPlan, ActivationStatus, ListedActivation } from '../api.js'

/** What a mode does, as the end of "Members …". */
export const MODE_WORDS: Readonly<Record<ActivationStatus['mode'], string>> = {
  upsert: 'are created and kept up to date; nobody is removed',
  mirror: 'are created, kept up to date, and removed when they leave the segment',
  append: 'are reported as events when they enter and when they leave',
  full: 'are sent all, every time',
}

/** One sentence: what an activation does. @param nameOf what people call a segment */
export function sentenceOf(
  {
    segment,
    object,
    destination,
    mode,
    trigger,
  }: Pick<ActivationStatus, 'segment' | 'object' | 'destination' | 'mode' | 'trigger'>,
  nameOf: (segment: string) => string,
): string {
  const who = segment === '*' ? 'Everybody' : `Members of ${nameOf(segment)}`
  return `${who} ${MODE_WORDS[mode]}, in ${object} of ${destination}, ${trigger}.`
}

/** The word under which its state is looked up. */
export function stateOf({ state, live }: ListedActivation): string {
  if (live === null) return state
  if (live.state !== 'idle') return live.state
  return live.lastOutcome ?? 'never'
}

export interface CountWords {
  readonly name: string
  readonly count: number
  /** What the number means. */
  readonly meaning: string
}

/** What a plan would send, and whom it leaves out and why; what is zero and seldom is left away. */
export function countsOf({ counts }: Pick<ActivationPlan, 'counts'>): readonly CountWords[] {
  const all: readonly (readonly [name: string, count: number, meaning: string, always?: true])[] = [
    ['Added', counts.adds, 'are not there yet', true],
    ['Changed', counts.changes, 'have other values now', true],
    ['Removed', counts.removes, 'are not in the segment any more', true],
    ['In step', counts.unchanged, 'are there as they should be: nothing is sent', true],
    [
      'Rejected',
      counts.rejects,
      'lack something that the tool asks for, or have a value that it does not take',
    ],
    ['No match', counts.unmatched, 'have nothing by which the tool could find them'],
    ['Withheld', counts.withheld, 'did not consent, or are suppressed'],
    ['Held out', counts.heldOut, 'are in the holdout, to compare with'],
    ['Twice', counts.duplicates, 'share the value with somebody who is sent'],
  ]
  return all
    .filter(([, count, , always]) => always === true || count > 0)
    .map(([name, count, meaning]) => ({ name, count, meaning }))
}

/** What a guard says, as a sentence: limits tell what the plan does, all others what is the matter. */
export function guardSentence(name: string, message: string): string {
  return asSentence(name.startsWith('max_') ? `it ${message}` : message)
}

/** True where the plan would send something. */
export const sendsSomething = ({
  counts: { adds, changes, removes },
}: Pick<ActivationPlan, 'counts'>): boolean => adds + changes + removes > 0

/** How many records a run sent without ever hearing whether the tool took them. */
export function unansweredOf(run: NonNullable<ActivationStatus['last']>): number {
  const { outcome, adds, changes, removes, rejects, acknowledged, withheld } = run
  if (outcome !== 'failed' && outcome !== 'cancelled') return 0
  return Math.max(0, adds + changes + removes - rejects - acknowledged - withheld)
}

/** A value of a record as a cell shows it. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return '–'
  if (typeof value === 'string') return seen(value)
  return Array.isArray(value) ? value.map(valueText).join(', ') : seen(JSON.stringify(value))
}
