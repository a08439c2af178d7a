import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { parse } from 'yaml'
import { blankCondition, KINDS } from './blank.js'
import type { Definition, Json } from './definition.js'
import { AGGREGATE_COMPARISONS, AGGREGATES, COUNT_COMPARISONS, OPERATORS, PERIODS } from './operators.js'
import { placeOf } from './places.js'
import { readDefinition, readWho } from './read.js'
import { findNode, leafNode, nodesOf } from './tree.js'
import { writeDefinition, writeWho } from './write.js'

const examples = fileURLToPath(new URL('../../../../../../examples/grocer/segments/', import.meta.url))

const word = fc.constantFrom('city', 'Order Completed', 'total', 'vip', 'email', 'ünï', '2026-01-01', '30d')
const scalar = fc.oneof(word, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean())
const literal: fc.Arbitrary<Json> = fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }), fc.constant(true))
const test = fc
  .tuple(fc.constantFrom(...Object.keys(OPERATORS)), literal)
  .map(([operator, value]): Record<string, Json> => ({ [operator]: value }))
const zone = fc.constantFrom<Record<string, Json>>({}, { time_zone: 'Europe/Paris' })

const { where } = fc.letrec<{ where: Json }>((tie) => ({
  where: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.tuple(word, test).map(([property, of]): Json => ({ property, ...of })),
    fc.array(tie('where'), { minLength: 1, maxLength: 3 }).map((all): Json => ({ all })),
    fc.array(tie('where'), { minLength: 1, maxLength: 3 }).map((any): Json => ({ any })),
    tie('where').map((not): Json => ({ not })),
  ),
}))
const wheres = fc
  .option(fc.array(where, { minLength: 1, maxLength: 3 }), { nil: undefined })
  .map((of): Record<string, Json> => (of === undefined ? {} : { where: of }))
const window = fc.oneof(
  fc.constant({}),
  fc.constant({ within: '30d' }),
  fc.constant({ between: { from: '90d', to: '30d' } }),
  fc.constantFrom(
    { since: '2026-01-01' },
    { until: '2026-02-01' },
    { since: '2026-01-01', until: '2026-02-01' },
  ),
  fc.constantFrom(...Object.keys(PERIODS)).map((calendar) => ({ calendar })),
)
const question = fc.oneof(
  fc.constant({}),
  fc.constantFrom({ occurrence: 'first' }, { occurrence: 'last' }),
  fc
    .tuple(fc.constantFrom(...Object.keys(COUNT_COMPARISONS)), fc.oneof(fc.nat(9), fc.constant([1, 2])))
    .map(([comparison, value]) => ({ times: { [comparison]: value } })),
  fc
    .tuple(
      fc.constantFrom(...Object.keys(AGGREGATES)),
      fc.constantFrom(...Object.keys(AGGREGATE_COMPARISONS)),
      fc.oneof(scalar, fc.constant({ trait: 'usual_basket' })),
    )
    .map(([of, comparison, operand]) => ({
      aggregate: of === 'count' ? of : { [of]: 'total' },
      [comparison]: operand,
    })),
)
const step = fc
  .tuple(fc.boolean(), word, wheres)
  .map(([not, performed, of]): Json => (not ? { not: { performed, ...of } } : { performed, ...of }))
/** What a form has nothing for, as somebody may have written it. */
const odd = fc.constantFrom<Json>(
  { trait: 'a', gt: 1, lt: 2 },
  { trait: 'a' },
  { performed: 'E', times: { gte: 1, lte: 2 } },
  { performed: 'E', within: '1d', since: '2026-01-01' },
  { performed: 'E', times: { gte: 1 }, occurrence: 'first' },
  { performed: 'E', where: [{ property: 'a', eq: 1, gt: 2 }, { unknown: true }] },
  { identifier: 'email' },
  { random: {} },
  { sequence: [{ segment: 'a' }], within: '1d' },
  { all: { trait: 'a' } },
  { all: [], extra: 1 },
  null,
  7,
)
const leaf: fc.Arbitrary<Json> = fc.oneof(
  fc.tuple(word, test, zone).map(([trait, of, at]): Json => ({ trait, ...of, ...at })),
  fc
    .tuple(word, question, wheres, window, zone)
    .map(([performed, ...rest]): Json => Object.assign({ performed }, ...rest)),
  fc.array(step, { minLength: 2, maxLength: 4 }).map((sequence): Json => ({ sequence, within: '7d' })),
  word.map((segment): Json => ({ segment })),
  word.map((list): Json => ({ list })),
  word.map((consent): Json => ({ consent })),
  fc
    .tuple(word, fc.constantFrom('exists', 'absent'))
    .map(([identifier, of]): Json => ({ identifier, [of]: true })),
  fc.constantFrom<Json>({ random: { share: 0.5 } }, { random: { share: 0.1, seed: 'winter' } }),
  fc.constant<Json>({ everyone: true }),
  odd,
)
const { who } = fc.letrec<{ who: Json }>((tie) => ({
  who: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('who'), { maxLength: 4 }).map((all): Json => ({ all })),
    fc.array(tie('who'), { maxLength: 4 }).map((any): Json => ({ any })),
    tie('who').map((not): Json => ({ not })),
  ),
}))

describe('the model of the segment builder', () => {
  it('gives back every definition as it was', () => {
    fc.assert(fc.property(who, (value) => assert.deepEqual(writeWho(readWho(value)), value)))
  })

  for (const file of readdirSync(examples)) {
    it(`opens and saves ${file} unchanged, with a form for each of its conditions`, () => {
      const definition = parse(readFileSync(`${examples}${file}`, 'utf8')) as Definition
      const draft = readDefinition(definition)
      assert.deepEqual(writeDefinition(draft), definition)
      const kinds = nodesOf(draft.root).map((node) => (node.kind === 'leaf' ? node.leaf.kind : node.kind))
      assert.equal(kinds.includes('other'), false)
    })
  }

  it('gives back every condition that the menu adds', () => {
    for (const { kind } of KINDS) {
      const value = writeWho(leafNode(blankCondition(kind)))
      assert.deepEqual(writeWho(readWho(value)), value)
      const [node] = nodesOf(readWho(value))
      assert.equal(node?.kind === 'leaf' && node.leaf.kind, kind)
    }
  })

  it('keeps what has no form as it is', () => {
    const node = readWho({ performed: 'E', times: { gte: 1, lte: 2 } })
    assert.deepEqual(node.kind === 'leaf' && node.leaf, {
      kind: 'other',
      value: { performed: 'E', times: { gte: 1, lte: 2 } },
    })
  })
})

describe('the place of a problem', () => {
  const root = readWho({
    all: [
      { trait: 'city', eq: '' },
      { not: { any: [{ segment: 'a' }, { not: { performed: 'E', within: 'x' } }] } },
    ],
  })
  const cases: readonly (readonly [
    path: readonly (string | number)[],
    value: Json,
    rest: readonly (string | number)[],
  ])[] = [
    [['who', 'all', 0, 'eq'], { trait: 'city', eq: '' }, ['eq']],
    [['who', 'all', 1, 'not', 'any', 0, 'segment'], { segment: 'a' }, ['segment']],
    [
      ['who', 'all', 1, 'not', 'any', 1, 'not', 'within'],
      { not: { performed: 'E', within: 'x' } },
      ['within'],
    ],
    [['who'], writeWho(root), []],
  ]
  for (const [path, value, rest] of cases) {
    it(`is found for ${path.join('/')}`, () => {
      const place = placeOf(root, path)
      assert.deepEqual(place?.rest, rest)
      assert.deepEqual(writeWho(findNode(root, place!.node)!.node), value)
    })
  }

  it('is none for the name', () => assert.equal(placeOf(root, ['name']), undefined))
})
