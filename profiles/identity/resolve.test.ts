import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { IdentityGraph, Limit } from './graph.js'
import { type ReferenceInput, type ReferenceResult, resolveByTheBook } from './reference.testing.js'
import { joinAll, resolve, tiedIndices } from './resolve.js'

const HOUR_MS = 3_600_000
const day = (text: string): number => Date.parse(`${text}T00:00:00Z`)

function graphOf(input: ReferenceInput): IdentityGraph {
  return {
    size: input.identifiers.length,
    type: Uint8Array.from(input.identifiers, ({ type }) => type),
    limits: input.limits,
    links: {
      count: input.links.length,
      a: Uint32Array.from(input.links, ({ a }) => a),
      b: Uint32Array.from(input.links, ({ b }) => b),
      time: Float64Array.from(input.links, ({ time }) => time),
    },
    merges: input.merges.flat(),
    cuts: input.cuts.flat(),
  }
}

function resolveFlat(input: ReferenceInput): ReferenceResult {
  const graph = graphOf(input)
  const inOrder = input.identifiers
    .map(({ value }, index) => ({ value: Buffer.from(value), index }))
    .sort((a, b) => Buffer.compare(a.value, b.value))
  const components = joinAll(graph)
  const tied = new Set(tiedIndices(graph, components))
  const rank = new Uint32Array(graph.size)
  for (const [place, { index }] of inOrder.entries()) if (tied.has(index)) rank[index] = place
  const { profile, conflicts } = resolve(graph, components, rank)
  return { profile: [...profile], conflicts: byPair(conflicts) }
}

function byTheBook(input: ReferenceInput): ReferenceResult {
  const { profile, conflicts } = resolveByTheBook(input)
  return { profile, conflicts: byPair(conflicts) }
}

const byPair = (conflicts: ReferenceResult['conflicts']): ReferenceResult['conflicts'] =>
  [...conflicts].sort((x, y) => x.a - y.a || x.b - y.b)

const TYPES = 4
const limit = fc.option(
  fc.record({
    limit: fc.integer({ min: 1, max: 3 }),
    per: fc.constantFrom<Limit['per']>('ever', 'year', 'month', 'week'),
  }),
  { nil: undefined },
)
const input: fc.Arbitrary<ReferenceInput> = fc.integer({ min: 1, max: 24 }).chain((size) => {
  const index = fc.nat(size - 1)
  const pair = fc.tuple(index, index)
  return fc.record({
    identifiers: fc
      .array(fc.nat(TYPES - 1), { minLength: size, maxLength: size })
      .chain((types) =>
        fc
          .uniqueArray(fc.string({ unit: 'grapheme', maxLength: 4 }), { minLength: size, maxLength: size })
          .map((values) => types.map((type, at) => ({ type, value: values[at]! }))),
      ),
    limits: fc.tuple(limit, limit, limit, limit),
    links: fc.array(
      // Few times, so that many are equal; around the end of a year, a month and a week.
      fc.record({
        a: index,
        b: index,
        time: fc.nat(40).map((hours) => day('2023-12-31') + hours * 6 * HOUR_MS),
      }),
      { maxLength: 60 },
    ),
    merges: fc.array(pair, { maxLength: 3 }),
    cuts: fc.array(pair, { maxLength: 4 }),
  })
})

describe('resolving identities', () => {
  it('agrees with the rules taken word by word', () => {
    fc.assert(
      fc.property(input, (given) => assert.deepEqual(resolveFlat(given), byTheBook(given))),
      { numRuns: 3000 },
    )
  })

  it('depends on the set of links only: not on order, orientation or repetition', () => {
    fc.assert(
      fc.property(
        input.chain((given) =>
          fc.tuple(
            fc.constant(given),
            fc.shuffledSubarray(
              [...given.links, ...given.links.map(({ a, b, time }) => ({ a: b, b: a, time }))],
              {
                minLength: given.links.length * 2,
              },
            ),
          ),
        ),
        ([given, links]) => assert.deepEqual(resolveFlat({ ...given, links }), resolveFlat(given)),
      ),
    )
  })

  it('never lets one person have more than the limit, whatever comes in', () => {
    fc.assert(
      fc.property(input, (given) => {
        const { profile } = resolveFlat({ ...given, merges: [] })
        for (const [type, allowed] of given.limits.entries()) {
          if (allowed?.per !== 'ever') continue
          for (const person of new Set(profile)) {
            const has = profile.filter(
              (own, index) => own === person && given.identifiers[index]!.type === type,
            )
            assert.ok(has.length <= allowed.limit)
          }
        }
      }),
    )
  })

  const [USER, EMAIL, DEVICE] = [0, 1, 2]
  const once = (limit: number): Limit => ({ limit, per: 'ever' })
  const cases: [string, Partial<ReferenceInput>, number[]][] = [
    [
      'leaves the second user of an email a person of its own (the worked example of Segment)',
      {
        identifiers: [
          { type: USER, value: 'abc123' },
          { type: EMAIL, value: 'jane@example.com' },
          { type: USER, value: 'abc456' },
        ],
        limits: [once(1)],
        links: [
          { a: 0, b: 1, time: 1 },
          { a: 2, b: 1, time: 2 },
        ],
      },
      [0, 0, 2],
    ],
    [
      'gives a device that two people use to the first, and keeps the second apart',
      {
        identifiers: [
          { type: DEVICE, value: 'kiosk' },
          { type: USER, value: 'first' },
          { type: EMAIL, value: 'first@example.com' },
          { type: USER, value: 'second' },
          { type: EMAIL, value: 'second@example.com' },
        ],
        limits: [once(1)],
        links: [
          { a: 3, b: 0, time: 30 },
          { a: 3, b: 4, time: 30 },
          { a: 1, b: 0, time: 20 },
          { a: 1, b: 2, time: 25 },
        ],
      },
      [0, 0, 0, 3, 3],
    ],
    [
      'counts a limit by the period in which an identifier was first seen',
      {
        identifiers: ['u', 'jan-1', 'jan-2', 'jan-3', 'feb-1'].map((value, at) => ({
          type: at && EMAIL,
          value,
        })),
        limits: [undefined, { limit: 2, per: 'month' }],
        links: [
          { a: 0, b: 1, time: day('2024-01-01') },
          { a: 0, b: 2, time: day('2024-01-30') },
          { a: 0, b: 3, time: day('2024-01-31') },
          { a: 0, b: 4, time: day('2024-02-01') },
        ],
      },
      [0, 0, 0, 3, 0],
    ],
    [
      'lets people whom somebody merged beyond a limit have other identifiers still',
      {
        identifiers: [
          { type: USER, value: 'a' },
          { type: USER, value: 'b' },
          { type: EMAIL, value: 'late@example.com' },
          { type: USER, value: 'c' },
        ],
        limits: [once(1)],
        links: [
          { a: 0, b: 2, time: 1 },
          { a: 3, b: 2, time: 2 },
        ],
        merges: [[0, 1]],
      },
      [0, 0, 0, 3],
    ],
    [
      'cuts a link, but not a way around it',
      {
        identifiers: ['a', 'b', 'c', 'd'].map((value) => ({ type: EMAIL, value })),
        links: [
          { a: 0, b: 1, time: 1 },
          { a: 0, b: 2, time: 2 },
          { a: 2, b: 1, time: 3 },
          { a: 2, b: 3, time: 4 },
        ],
        cuts: [
          [1, 0],
          [2, 3],
        ],
      },
      [0, 0, 0, 3],
    ],
  ]
  for (const [name, given, profile] of cases) {
    it(name, () => {
      const whole = { identifiers: [], limits: [], links: [], merges: [], cuts: [], ...given }
      assert.deepEqual(resolveFlat(whole).profile, profile)
      assert.deepEqual(resolveByTheBook(whole).profile, profile)
    })
  }

  const identifiers = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ type: EMAIL, value: String(at) }))

  it('follows a chain of 10,000 hops', () => {
    const size = 10_001
    const links = Array.from({ length: size - 1 }, (_, at) => ({
      a: at + 1,
      b: at,
      time: (at * 7919) % size,
    }))
    const { profile } = resolveFlat({
      identifiers: identifiers(size),
      limits: [],
      links,
      merges: [],
      cuts: [],
    })
    assert.deepEqual(new Set(profile), new Set([0]))
  })

  it('joins a star of 100,000 identifiers, and stops at its limit where it has one', () => {
    const size = 100_001
    const star = {
      identifiers: [{ type: USER, value: 'centre' }, ...identifiers(size - 1)],
      links: Array.from({ length: size - 1 }, (_, at) => ({ a: 0, b: at + 1, time: at * HOUR_MS })),
      merges: [],
      cuts: [],
    }
    const sizes = [undefined, once(1000), { limit: 500, per: 'year' } as const].map((limit) => {
      const { profile } = resolveFlat({ ...star, limits: [undefined, limit] })
      return profile.filter((person) => person === 0).length
    })
    // 100,000 hours from 1970 are 11 years and a bit.
    assert.deepEqual(sizes, [size, 1001, 500 * 12 + 1])
  })

  it('joins two people of 50,000 by one link, and parts them when it is gone', () => {
    const half = 50_000
    const links = Array.from({ length: 2 * half }, (_, at) => ({ a: at - (at % half), b: at, time: at }))
    const given = { identifiers: identifiers(2 * half), limits: [], merges: [], cuts: [] }
    const people = (more: typeof links) =>
      new Set(resolveFlat({ ...given, links: [...links, ...more] }).profile).size
    assert.deepEqual([people([{ a: 777, b: half + 777, time: 5 }]), people([])], [1, 2])
  })
})
