import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Condition } from './conditions.js'
import type { Json } from './definition.js'
import * as edits from './edits.js'
import { beginHistory, change, redo, undo } from './history.js'
import { readWho } from './read.js'
import { type Node, nodesOf } from './tree.js'
import { writeWho } from './write.js'

const a = { segment: 'a' }
const b = { segment: 'b' }
const c = { segment: 'c' }
const nested: Json = { all: [a, { any: [b, c] }] }

/** The id of the node that is written so. */
function idOf(root: Node<Condition>, value: Json): string {
  return nodesOf(root).find((node) => JSON.stringify(writeWho(node)) === JSON.stringify(value))!.id
}

const cases: readonly {
  readonly name: string
  readonly from: Json
  readonly edit: (root: Node<Condition>) => Node<Condition>
  readonly to: Json
}[] = [
  {
    name: 'puts a second condition beside one that stood alone',
    from: a,
    edit: (root) => edits.addTo(root, root.id, readWho(b)),
    to: { all: [a, b] },
  },
  {
    name: 'adds to a group',
    from: nested,
    edit: (root) => edits.addTo(root, idOf(root, { any: [b, c] }), readWho(a)),
    to: { all: [a, { any: [b, c, a] }] },
  },
  {
    name: 'leaves an empty group of what was all',
    from: a,
    edit: (root) => edits.remove(root, root.id),
    to: { all: [] },
  },
  {
    name: 'takes a condition out of its group',
    from: nested,
    edit: (root) => edits.remove(root, idOf(root, b)),
    to: { all: [a, { any: [c] }] },
  },
  {
    name: 'negates, and takes it back',
    from: nested,
    edit: (root) => edits.negate(root, idOf(root, b)),
    to: { all: [a, { any: [{ not: b }, c] }] },
  },
  {
    name: 'turns all into any',
    from: nested,
    edit: (root) => edits.setMatch(root, root.id, 'any'),
    to: { any: [a, { any: [b, c] }] },
  },
  {
    name: 'repeats a condition after itself',
    from: nested,
    edit: (root) => edits.duplicate(root, idOf(root, a)),
    to: { all: [a, a, { any: [b, c] }] },
  },
  {
    name: 'makes a group of the other kind around a condition',
    from: nested,
    edit: (root) => edits.wrap(root, idOf(root, a)),
    to: { all: [{ any: [a] }, { any: [b, c] }] },
  },
  {
    name: 'dissolves a group',
    from: nested,
    edit: (root) => edits.unwrap(root, idOf(root, { any: [b, c] })),
    to: { all: [a, b, c] },
  },
  {
    name: 'leaves a negated group as it is',
    from: { all: [{ not: { any: [a, b] } }] },
    edit: (root) => edits.unwrap(root, idOf(root, { not: { any: [a, b] } })),
    to: { all: [{ not: { any: [a, b] } }] },
  },
  {
    name: 'moves among its own',
    from: nested,
    edit: (root) => edits.move(root, idOf(root, c), -1),
    to: { all: [a, { any: [c, b] }] },
  },
  {
    name: 'moves out of its group at the end',
    from: nested,
    edit: (root) => edits.move(root, idOf(root, c), 1),
    to: { all: [a, { any: [b] }, c] },
  },
  {
    name: 'moves into another group',
    from: nested,
    edit: (root) => edits.moveTo(root, idOf(root, a), idOf(root, { any: [b, c] }), 1),
    to: { all: [{ any: [b, a, c] }] },
  },
  {
    name: 'moves down within its group by the mouse',
    from: { all: [a, b, c] },
    edit: (root) => edits.moveTo(root, idOf(root, a), root.id, 2),
    to: { all: [b, a, c] },
  },
  {
    name: 'moves no group into itself',
    from: nested,
    edit: (root) => edits.moveTo(root, idOf(root, { any: [b, c] }), idOf(root, { any: [b, c] }), 0),
    to: nested,
  },
]

describe('edits of a segment', () => {
  for (const { name, from, edit, to } of cases) {
    it(name, () => assert.deepEqual(writeWho(edit(readWho(from))), to))
  }
})

describe('undo and redo', () => {
  it('lead back to the beginning and to the end again, whatever was done', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { maxLength: 50 }), (values) => {
        let history = beginHistory(-1)
        for (const value of values) history = change(history, value)
        const end = history.present
        const { length } = history.past
        for (let step = 0; step < length; step += 1) history = undo(history)
        assert.equal(history.present, -1)
        for (let step = 0; step < length; step += 1) history = redo(history)
        assert.equal(history.present, end)
      }),
    )
  })

  it('take what was typed in one field as one step', () => {
    let history = beginHistory('')
    for (const text of ['a', 'ab', 'abc']) history = change(history, text, 'name')
    history = change(history, 'other', 'description')
    assert.deepEqual(undo(history).present, 'abc')
    assert.deepEqual(undo(undo(history)).present, '')
  })

  it('forget what was taken back once something else is done', () => {
    const history = change(undo(change(beginHistory(1), 2)), 3)
    assert.deepEqual(redo(history).present, 3)
  })
})
