/**
 * Events one after another. Each person's events become one sorted array of codes (time, then step, later steps first: what is
 * at the same millisecond is no successor). Of two steps, neighbours tell; of more, one linear pass per step carries along the
 * latest start of a chain so far.
 */
import { parseDuration, type SequenceWho } from '@tributary/schemas'
import { windowAt } from '../../time/window.js'
import type { CompileContext, LeafParts } from './context.js'
import type { Formula } from './formula.js'
import { chains, type Plan } from './sequence-chains.js'
import { type Watch, watchWhere } from './watches.js'
import { andWhere, columnsIn, eventsIn } from './where.js'

/** Longer than all times that can be stored are apart. */
const MAX_MS = 20_000_000_000_000

/** Times as positive numbers: milliseconds since a moment before all that can be stored. */
const SHIFT_MS = 2_300_000_000_000

type Step = SequenceWho['sequence'][number]

export function compileSequence({ sequence, within }: SequenceWho, context: CompileContext): Formula {
  const steps = sequence.map((step) => ({ negative: 'not' in step, ...eventOf(step) }))
  const withinMs = Math.min(parseDuration(within), MAX_MS)
  const plan: Plan = {
    positives: steps.flatMap(({ negative }, index) => (negative ? [] : [index])),
    negatives: steps.flatMap(({ negative }, index) => (negative ? [index] : [])),
    withinMs,
    now: context.now.getTime() + SHIFT_MS,
  }
  const watches = steps.flatMap(({ performed, where = [] }): readonly Watch[] => [
    { kind: 'event', event: performed, window: {}, zone: context.zone },
    ...watchWhere(performed, where),
  ])
  const { zone } = context
  const waits: LeafParts['watches'] = steps.at(-1)!.negative
    ? [
        {
          kind: 'event',
          event: steps[0]!.performed,
          window: { between: { from: '9999999999y', to: within } },
          zone,
        },
      ]
    : []
  return context.leaf({
    meaning: { sequence, withinMs, zone },
    reads: { events: [...new Set(steps.map(({ performed }) => performed))] },
    columns: steps.flatMap(({ where = [] }) => columnsIn(where, context)),
    watches: [...watches, ...waits],
    sql: ({ events }) => chains(codesSql(steps, events, context), plan),
  })
}

const eventOf = (step: Step) => ('not' in step ? step.not : step)

/** SQL: SELECT of profile and its sorted codes. People who miss a step stay: to tell them costs more than their arrays. */
function codesSql(
  steps: readonly ReturnType<typeof eventOf>[],
  events: string,
  context: CompileContext,
): string {
  const names = [...new Set(steps.map(({ performed }) => performed))]
  const rows = names.map((name) => {
    const indices = steps.flatMap(({ performed }, index) => (performed === name ? [index] : []))
    const from = `FROM ${events} WHERE ${eventsIn(name, windowAt({}, context.now, context.zone))}`
    const [only] = indices
    if (indices.length === 1) {
      return `SELECT profile, ts, toUInt8(${only}) AS step ${from}${andWhere(steps[only!]!.where ?? [], context)}`
    }
    const fulfilled = indices.map(
      (index) => `if(1${andWhere(steps[index]!.where ?? [], context)}, ${index}, 8)`,
    )
    return `SELECT profile, ts, toUInt8(arrayJoin(arrayFilter(each -> each < 8, [${fulfilled.join(', ')}]))) AS step ${from}`
  })
  return `SELECT profile, arraySort(groupArray(toUInt64((toUnixTimestamp64Milli(ts) + ${SHIFT_MS}) * 8 + 7 - step))) AS codes
    FROM (${rows.join(' UNION ALL ')}) GROUP BY profile`
}
