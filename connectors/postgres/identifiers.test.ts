import assert from 'node:assert/strict'
import { dotted, identifier, literal, qualified } from './identifiers.js'

describe('names and values in SQL', () => {
  it('are quoted so that they stay what they are', () => {
    assert.deepEqual(
      [
        identifier('a"b'),
        qualified({ schema: 'S', name: 'x.y' }),
        literal("it's"),
        literal('back\\slash'),
        literal(''),
      ],
      ['"a""b"', '"S"."x.y"', "'it''s'", " E'back\\\\slash'", "''"],
    )
  })

  it('are told to people so that no two relations have one name', () => {
    const names = [
      dotted({ schema: 'a', name: 'b.c' }),
      dotted({ schema: 'a.b', name: 'c' }),
      dotted({ schema: 'a', name: 'Orders' }),
      dotted({ schema: 'a', name: '"b.c"' }),
    ]
    assert.deepEqual(names, ['a."b.c"', '"a.b".c', 'a.Orders', 'a."""b.c"""'])
  })
})
