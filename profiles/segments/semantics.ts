/** The published table of operators and values: what each makes of each, as the evaluator says. Reference and tests read it. */
import type { TraitWho } from '@tributary/schemas'
import type { Value } from './evaluate/person.js'
import { passes } from './evaluate/values.js'
import { readCondition } from './value-test.js'

/** The moment of the table, in UTC. */
export const SEMANTICS_NOW = new Date('2026-02-01T00:00:00Z')

/** A value of a trait, by how it is written in the table; undefined is none at all, null is an explicit one. */
export const SEMANTICS_VALUES: readonly (readonly [shown: string, value: Value | null | undefined])[] = [
  ['absent', undefined],
  ['null', null],
  ['""', ''],
  ['"a"', 'a'],
  ['"10"', '10'],
  ['10', 10],
  ['true', true],
  ['2026-01-31 08:00', new Date('2026-01-31T08:00:00Z')],
  ['[ ]', []],
  ['["a"]', ['a']],
]

type Operator = Omit<TraitWho, 'trait'>

export const SEMANTICS_OPERATORS: readonly Operator[] = [
  { eq: 'a' },
  { eq: '10' },
  { eq: 10 },
  { eq: true },
  { not_eq: 'a' },
  { not_eq: 10 },
  { in: ['a', 10] },
  { not_in: ['a', 10] },
  { gt: 10 },
  { gte: 10 },
  { lt: 11 },
  { lte: 10 },
  { between: [5, 10] },
  { gt: '2026-01-31' },
  { gte: '2026-01-31' },
  { lt: '2026-01-31' },
  { lte: '2026-01-31' },
  { between: ['2026-01-01', '2026-01-31'] },
  { before: '2026-01-31' },
  { before: '2026-01-31T08:00:00.001Z' },
  { after: '2026-01-31' },
  { after: '2026-01-31T07:59:59.999Z' },
  { within_last: '1d' },
  { before_last: '1h' },
  { within_next: '1d' },
  { after_next: '1d' },
  { contains: 'a' },
  { not_contains: 'a' },
  { starts_with: '1' },
  { ends_with: '0' },
  { matches: '^[a-z]?$' },
  { any_of: ['a', 'b'] },
  { all_of: ['a', 'b'] },
  { exists: true },
  { absent: true },
]

/** Whether the operator holds of each of the values. */
export function semanticsRow(operator: Operator): readonly boolean[] {
  const { negated, test } = readCondition({ trait: 'x', ...operator }, { now: SEMANTICS_NOW, zone: 'UTC' })
  return SEMANTICS_VALUES.map(([, value]) => passes(test, value ?? undefined) !== negated)
}
