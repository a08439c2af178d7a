import { deepEqual, equal } from 'node:assert/strict'
import fc from 'fast-check'
import { isSame, mergeEdits } from './merge.js'

describe('two edits of one text', () => {
  it('are both kept where they touch different places', () => {
    const base = { config: { host: 'a', port: 1 }, schedule: 'manual', streams: [{ name: 'x' }] }
    const mine = { ...base, config: { host: 'b', port: 1 } }
    const theirs = {
      config: { host: 'a', port: 1 },
      schedule: { every: '1h' },
      streams: [{ name: 'x' }, { name: 'y' }],
    }
    deepEqual(mergeEdits<object>(base, mine, theirs), {
      value: { config: { host: 'b', port: 1 }, schedule: { every: '1h' }, streams: theirs.streams },
      conflicts: [],
      theirs: ['schedule', 'streams'],
      mine: ['config.host'],
    })
  })

  it('say where both changed the same place, and keep mine there', () => {
    deepEqual(mergeEdits<object>({ a: { b: 1 } }, { a: { b: 2 } }, { a: { b: 3 }, c: 4 }), {
      value: { a: { b: 2 }, c: 4 },
      conflicts: ['a.b'],
      theirs: ['c'],
      mine: [],
    })
    deepEqual(mergeEdits<object>({ a: { b: 1 } }, {}, { a: { b: 2 } }).conflicts, ['a'])
    const [cron, every] = [{ schedule: { cron: '0 6 * * *' } }, { schedule: { every: '1h' } }]
    deepEqual(mergeEdits<object>({ schedule: 'manual' }, cron, every), {
      value: cron,
      conflicts: ['schedule'],
      theirs: [],
      mine: [],
    })
  })

  const json = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom<unknown>(1, 2, 'x', true),
      fc.array(fc.constantFrom(1, 2), { maxLength: 2 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value'), { maxKeys: 3, noNullPrototype: true }),
    ),
  })).value

  it('are one edit where only one of them changed anything', () => {
    fc.assert(
      fc.property(json, json, (base, edit) => {
        equal(isSame(mergeEdits(base, edit, base).value, edit), true)
        equal(isSame(mergeEdits(base, base, edit).value, edit), true)
        equal(isSame(mergeEdits(base, edit, edit).value, edit), true)
      }),
    )
  })

  it('make the same together whoever was first, as long as they touch different places', () => {
    fc.assert(
      fc.property(json, json, json, (base, one, other) => {
        const merged = mergeEdits(base, one, other)
        const turned = mergeEdits(base, other, one)
        deepEqual([...merged.conflicts].sort(), [...turned.conflicts].sort())
        if (merged.conflicts.length === 0) equal(isSame(merged.value, turned.value), true)
      }),
    )
  })
})
