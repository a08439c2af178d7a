import assert from 'node:assert/strict'
import fc from 'fast-check'
import { parse } from 'yaml'
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
        assert.deepEqual(parse(toYaml(map)), map)
      }),
    )
  })

  it('reads like one that a person wrote', () => {
    const definition = {
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
