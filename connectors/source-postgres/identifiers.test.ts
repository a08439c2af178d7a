import assert from 'node:assert/strict'
import { identifier, literal, qualified, streamName } from './identifiers.js'

describe('names and values in SQL', () => {
  it('are quoted so that they stay what they are', () => {
    assert.deepEqual(
      [identifier('a"b'), qualified('S', 'x.y'), literal("it's"), literal('back\\slash'), literal('')],
      ['"a""b"', '"S"."x.y"', "'it''s'", " E'back\\\\slash'", "''"],
    )
  })

  it('make stream names that no two relations share', () => {
    const names = [
      streamName('a', 'b.c'),
      streamName('a.b', 'c'),
      streamName('a', 'Orders'),
      streamName('a', '"b.c"'),
    ]
    assert.deepEqual(names, ['a."b.c"', '"a.b".c', 'a.Orders', 'a."""b.c"""'])
  })
})
