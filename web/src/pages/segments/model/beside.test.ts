import assert from 'node:assert/strict'
import fc from 'fast-check'
import { parse } from 'yaml'
import type { Definition, JsonObject } from './definition.js'
import { segmentIdOf } from './segment-id.js'
import { templatesFor } from './templates.js'
import { toYaml } from './yaml.js'

describe('a definition as YAML', () => {
  it('is read as the same value', () => {
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom('no', '1', '1e3', '2026-01-01', 'a: b', '# x', ' a', 'é\n', '~', '-'),
    )
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        text,
        fc
          .double({ noNaN: true, noDefaultInfinity: true })
          .map((number) => (Object.is(number, -0) ? 0 : number)),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(text, tie('value'), { maxKeys: 3, noNullPrototype: true }),
      ),
    }))
    fc.assert(
      fc.property(fc.dictionary(text, value, { minKeys: 1, maxKeys: 4, noNullPrototype: true }), (map) => {
        assert.deepEqual(parse(toYaml(map as JsonObject)), map)
      }),
    )
  })

  it('reads like one that a person wrote', () => {
    const definition: Definition = {
      name: 'Lapsed',
      who: {
        all: [
          { trait: 'lifetime_value', gte: 500 },
          { not: { performed: 'Order Completed', within: '60d' } },
        ],
      },
    }
    assert.equal(
      toYaml(definition),
      'name: Lapsed\nwho:\n  all:\n    - { trait: lifetime_value, gte: 500 }\n    - { not: { performed: Order Completed, within: "60d" } }\n',
    )
  })
})

describe('the id of a new segment', () => {
  const cases: readonly (readonly [name: string, taken: readonly string[], id: string])[] = [
    ['Lapsed high value', [], 'lapsed-high-value'],
    ['  Été 2026! ', [], 'ete-2026'],
    ['2026', [], 'segment-2026'],
    ['日本', [], 'segment'],
    ['Lapsed', ['lapsed', 'lapsed-2'], 'lapsed-3'],
  ]
  for (const [name, taken, id] of cases) {
    it(`of ${JSON.stringify(name)} is ${id}`, () => assert.equal(segmentIdOf(name, new Set(taken)), id))
  }
})

describe('templates', () => {
  it('use the names of the workspace', () => {
    const templates = templatesFor({
      events: [
        { event: 'Page Viewed', numbers: [] },
        { event: 'Order Completed', numbers: ['items', 'total'] },
      ],
      numberTraits: [],
      identifiers: ['email'],
      consents: ['marketing'],
    })
    assert.deepEqual(templates[0]?.definition.who, {
      all: [
        { performed: 'Order Completed', aggregate: { sum: 'total' }, gte: 500 },
        { not: { performed: 'Order Completed', within: '60d' } },
      ],
    })
    assert.equal(templates.length, 6)
  })

  it('are none where nothing is known', () => {
    assert.deepEqual(templatesFor({ events: [], numberTraits: [], identifiers: [], consents: [] }), [])
  })
})
