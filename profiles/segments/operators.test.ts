import assert from 'node:assert/strict'
import { type SegmentFile, segmentFileSchema } from '@tributary/schemas'
import { checkSegments } from './check-segment.js'
import { calendarPeriods, type LiteralForm, segmentAggregates, segmentOperators } from './operators.js'
import { SEMANTICS_OPERATORS, SEMANTICS_VALUES, semanticsRow } from './semantics.js'

const KNOWN = {
  traits: new Set(['x']),
  events: new Map([['Bought', new Set(['total'])]]),
  identifiers: new Set<string>(),
}

/** A literal of each form. */
const LITERALS: Readonly<Record<LiteralForm, unknown>> = {
  none: true,
  scalar: 'a',
  scalars: ['a', 1],
  ordered: 1,
  range: [1, 2],
  text: 'a',
  texts: ['a'],
  pattern: '^a$',
  moment: '2026-01-31',
  duration: '30d',
}

const problemsOf = (who: unknown) =>
  checkSegments([{ id: 's', definition: { name: 'S', who } as SegmentFile }], KNOWN)

describe('operators as a builder offers them', () => {
  it('are those that definitions take, each with a literal of its form', () => {
    const { trait: _trait, time_zone: _zone, ...operators } = segmentFileSchema.$defs.trait_who.properties
    assert.deepEqual(
      segmentOperators()
        .map(({ name }) => name)
        .sort(),
      Object.keys(operators).sort(),
    )
    for (const { name, literal } of segmentOperators())
      assert.deepEqual(problemsOf({ trait: 'x', [name]: LITERALS[literal] }), [], name)
  })

  it('say of which kinds of values they can hold, and whether they hold of nobody’s', () => {
    const seen = new Map<string, { kinds: Set<string>; negated: boolean }>()
    for (const operator of SEMANTICS_OPERATORS) {
      const [name] = Object.keys(operator) as [string]
      const held = semanticsRow(operator)
      const negated = held[0]!
      const known = seen.get(name) ?? { kinds: new Set<string>(), negated }
      // A negation says something of a value where it fails.
      held.forEach((holds, at) => {
        if (holds !== negated) known.kinds.add(kindOf(SEMANTICS_VALUES[at]![1]))
      })
      seen.set(name, known)
    }
    for (const { name, kinds, negated } of segmentOperators()) {
      assert.equal(negated, seen.get(name)!.negated, name)
      for (const kind of seen.get(name)!.kinds)
        assert.ok(
          kinds.some((known) => known === kind),
          `${name} ${kind}`,
        )
    }
  })

  it('come with aggregates and periods that definitions take', () => {
    for (const { name, property, comparisons } of segmentAggregates()) {
      const aggregate = property === null ? name : { [name]: 'total' }
      for (const comparison of comparisons) {
        const who = { performed: 'Bought', aggregate, [comparison]: 1 }
        assert.deepEqual(problemsOf(who), [], `${name} ${comparison}`)
      }
    }
    for (const calendar of calendarPeriods())
      assert.deepEqual(problemsOf({ performed: 'Bought', calendar }), [], calendar)
  })
})

function kindOf(value: unknown): string {
  if (value instanceof Date) return 'time'
  if (Array.isArray(value)) return 'list'
  return typeof value === 'string' ? 'text' : typeof value
}
