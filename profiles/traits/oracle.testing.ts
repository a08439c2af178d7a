/** The rules of traits in plain TypeScript: slow, short, and written from the published rules alone. */
import type { ComputedTrait, TraitsFile } from '@tributary/schemas'
import type { FactValue } from '../facts/facts.testing.js'
import { inSpan, windowAt } from '../time/window.js'
import { beliefOf } from './golden-record.js'
import type { CurrentValue } from './traits.testing.js'

export interface Statement {
  readonly node: number
  readonly trait: string
  readonly value: FactValue
  readonly ts: Date
  readonly receivedAt: Date
  readonly row: string
  readonly source: string
}

export interface Happening {
  readonly node: number
  readonly event: string
  readonly ts: Date
  readonly row: string
  readonly properties: Readonly<Record<string, FactValue>>
}

export interface OracleInput {
  readonly statements: readonly Statement[]
  readonly events: readonly Happening[]
  profileOf(node: number): number
  readonly traits: TraitsFile
  /** What the conditions of a computed trait say, by its name. */
  readonly where: Readonly<Record<string, (event: Happening, now: Date) => boolean>>
  readonly now: Date
  readonly timeZone: string
}

/** Every value of every person, in the order of `currentValues`. */
export function expectedValues(input: OracleInput): CurrentValue[] {
  const { statements, events, profileOf, now } = input
  const profiles = new Set([...statements, ...events].map(({ node }) => profileOf(node)))
  return [...profiles]
    .sort((a, b) => a - b)
    .flatMap((profile) => {
      const own = statements.filter(({ node, ts }) => profileOf(node) === profile && ts < now).sort(byOrder)
      const done = events.filter(({ node }) => profileOf(node) === profile).sort(byOrder)
      const values = [
        ...[...new Set(own.map(({ trait }) => trait))].map((trait) => ({
          trait,
          winner: believed(
            own.filter((statement) => statement.trait === trait),
            input.traits.traits?.[trait],
          ),
        })),
        ...Object.entries(input.traits.computed ?? {}).map(([trait, definition]) => ({
          trait,
          winner: computed(trait, definition, done, input),
        })),
      ]
      return values
        .flatMap(({ trait, winner }) =>
          winner === undefined || winner.value === null
            ? []
            : [
                {
                  profile,
                  trait,
                  value: winner.value instanceof Date ? winner.value.toISOString() : winner.value,
                  source: winner.source,
                  at: winner.ts.toISOString(),
                },
              ],
        )
        .sort((a, b) => (a.trait < b.trait ? -1 : 1))
    })
}

interface Winner {
  readonly value: FactValue
  readonly source: string
  readonly ts: Date
}

/** @param statements oldest first */
function believed(
  statements: readonly Statement[],
  rule: Parameters<typeof beliefOf>[0],
): Winner | undefined {
  const belief = beliefOf(rule)
  const values = statements.filter(({ value }) => value !== null)
  if (typeof belief === 'object') {
    const listed = belief.source_priority.map((source) => values.filter((value) => value.source === source))
    const others = statements.filter(({ source }) => !belief.source_priority.includes(source))
    return (listed.find((found) => found.length > 0) ?? others).at(-1)
  }
  switch (belief) {
    case 'latest':
      return statements.at(-1)
    case 'first':
      return values[0]
    case 'max':
    case 'min': {
      const ordered = values.filter(({ value }) => typeof value === 'number' || value instanceof Date)
      const kind = typeof ordered.at(-1)?.value
      const sign = belief === 'max' ? 1 : -1
      return ordered
        .filter(({ value }) => typeof value === kind)
        .sort((a, b) => sign * (Number(a.value) - Number(b.value)))
        .at(-1)
    }
    case 'union': {
      const texts = values.filter(({ value }) => typeof value === 'string' || Array.isArray(value))
      const newest = texts.at(-1)
      return (
        newest && { ...newest, value: [...new Set(texts.flatMap(({ value }) => value as string))].sort() }
      )
    }
    case 'most_frequent': {
      const newest = (text: string) => values.findLastIndex(({ value }) => meaning(value) === text)
      const winner = mostFrequent(values, (a, b) => newest(b) - newest(a))
      return winner === undefined ? undefined : values[newest(winner)]
    }
  }
}

const meaning = (value: FactValue) => JSON.stringify([value instanceof Date ? 'time' : typeof value, value])

function mostFrequent(
  values: readonly { value: FactValue }[],
  better: (a: string, b: string) => number,
): string | undefined {
  const counts = new Map<string, number>()
  for (const { value } of values) counts.set(meaning(value), (counts.get(meaning(value)) ?? 0) + 1)
  return [...counts].sort(([a, times], [b, others]) => others - times || better(a, b))[0]?.[0]
}

const KINDS = ['string', 'number', 'boolean', 'time']
const kindOf = (value: FactValue) => (value instanceof Date ? 'time' : typeof value)

function computed(
  name: string,
  definition: ComputedTrait,
  events: readonly Happening[],
  { where, now, timeZone }: OracleInput,
): Winner | undefined {
  const span = windowAt(definition, now, definition.time_zone ?? timeZone)
  const counted = events.filter(
    (event) =>
      event.event === definition.event && inSpan(span, event.ts) && (where[name]?.(event, now) ?? true),
  )
  const { aggregate } = definition
  const [kind, property] = Object.entries(aggregate === 'count' ? { count: '' } : aggregate)[0]!
  const present = counted.flatMap(({ properties, ts }) => {
    const value = properties[property] ?? null
    const absent = value === null || (Array.isArray(value) && value.length === 0)
    return absent ? [] : [{ value, ts, source: 'computed' }]
  })
  const numbers = present.filter(({ value }) => typeof value === 'number')
  const scalars = present.filter(({ value }) => !Array.isArray(value))
  const result = (value: FactValue, of: readonly { ts: Date }[]): Winner => ({
    value,
    source: 'computed',
    ts: new Date(Math.max(0, ...of.map(({ ts }) => ts.getTime()))),
  })
  const plain = numbers.map(({ value }) => value as number)
  const sum = plain.reduce((a, b) => a + b, 0)
  switch (kind) {
    case 'count':
      return result(counted.length, counted)
    case 'sum':
      return result(sum, numbers)
    case 'avg':
      return plain.length === 0 ? undefined : result(Math.round((sum / plain.length) * 1e6) / 1e6, numbers)
    case 'min':
    case 'max':
      return plain.length === 0 ? undefined : result(Math[kind](...plain), numbers)
    case 'unique':
      return result(new Set(scalars.map(({ value }) => meaning(value))).size, scalars)
    case 'first':
      return present[0]
    case 'last':
      return present.at(-1)
    default: {
      const least = (a: string, b: string) => compare(parse(scalars, a), parse(scalars, b))
      const winner = mostFrequent(scalars, least)
      const equals = scalars.filter(({ value }) => meaning(value) === winner)
      return equals[0] && result(equals[0].value, equals)
    }
  }
}

const parse = (values: readonly { value: FactValue }[], text: string) =>
  values.find(({ value }) => meaning(value) === text)!.value

function compare(a: FactValue, b: FactValue): number {
  return KINDS.indexOf(kindOf(a)) - KINDS.indexOf(kindOf(b)) || (a! < b! ? -1 : a! > b! ? 1 : 0)
}

function byOrder(
  a: { ts: Date; receivedAt?: Date; row: string },
  b: { ts: Date; receivedAt?: Date; row: string },
) {
  const received = (x: { ts: Date; receivedAt?: Date }) => (x.receivedAt ?? x.ts).getTime()
  return a.ts.getTime() - b.ts.getTime() || received(a) - received(b) || Number(a.row) - Number(b.row)
}
