import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { ReadContext } from '../contract.js'
import type { JsonObject } from '../json.js'
import { orderedCursor } from './ordered-cursor.js'

interface Row {
  readonly [field: string]: unknown
  readonly id: number
  readonly at: number
}

const context = (change: Partial<ReadContext<object>> = {}) =>
  ({ primaryKey: ['id'], lookbackMs: 0, ...change }) as ReadContext<object>

/** Reads pages from a source that compares inclusively, and stops after `pages` pages. */
function read(rows: readonly Row[], size: number, state?: JsonObject, pages = Number.POSITIVE_INFINITY) {
  const cursor = orderedCursor(context(state ? { state } : {}), 'at')
  const found = rows.filter(({ at }) => at >= Number(cursor.since ?? Number.NEGATIVE_INFINITY))
  const read: Row[] = []
  let last = state
  for (let page = 0; page * size < found.length && page < pages; page++) {
    read.push(...cursor.fresh(found.slice(page * size, (page + 1) * size)))
    last = cursor.checkpoint()[0]?.state
  }
  return { read, state: last }
}

describe('orderedCursor', () => {
  it('loses and repeats nothing, wherever reading stops, also when rows arrive on the boundary meanwhile', () => {
    const rowsOf = fc
      .array(fc.integer({ min: 0, max: 6 }), { maxLength: 40 })
      .map((times) => times.sort((a, b) => a - b).map((at, id): Row => ({ id, at })))
    fc.assert(
      fc.property(
        rowsOf,
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 5 }),
        (rows, size, pages) => {
          const first = read(rows, size, undefined, pages)
          const boundary = first.read.at(-1)?.at ?? 0
          const late: Row = { id: 1000, at: boundary }
          const later = [...rows, late].sort((a, b) => a.at - b.at)
          const second = read(later, size, first.state)
          const ids = [...first.read, ...second.read].map(({ id }) => id).sort((a, b) => a - b)
          assert.deepEqual(ids, [...rows.map(({ id }) => id), 1000])
        },
      ),
    )
  })
  it('reads a window, then says that it has ended', () => {
    const window = { from: '2', to: '4' }
    const cursor = orderedCursor(context({ window }), 'at')
    assert.equal(cursor.since, '2')
    const rows = [1, 2, 3].map((at) => ({ id: at, at }))
    assert.deepEqual([cursor.fresh(rows), cursor.ended], [rows.slice(1), false])
    assert.deepEqual([cursor.fresh([{ id: 4, at: 4 }]), cursor.ended], [[], true])
  })
  it('looks back, and does not let its position go back with it', () => {
    const value = '2026-01-01T00:10:00.000Z'
    const cursor = orderedCursor(context({ lookbackMs: 60_000, state: { value, keys: [] } }), 'at')
    assert.equal(cursor.since, '2026-01-01T00:09:00.000Z')
    const late = { id: 1, at: '2026-01-01T00:09:30.000Z' }
    assert.deepEqual(cursor.fresh([late]), [late])
    assert.deepEqual(cursor.checkpoint(), [
      { type: 'checkpoint', state: { value, keys: [] }, cursor: value, cursorTime: value },
    ])
  })
  it('keeps its state small when very many rows share a time', () => {
    const cursor = orderedCursor(context(), 'at')
    cursor.fresh(Array.from({ length: 5000 }, (_, id) => ({ id, at: 1 })))
    assert.deepEqual(cursor.checkpoint()[0]?.state, { value: 1 })
    const few = orderedCursor(context(), 'at')
    few.fresh(Array.from({ length: 500 }, (_, id) => ({ id, at: 1 })))
    assert.ok(JSON.stringify(few.checkpoint()[0]?.state).length < 8192)
  })
  it('has no checkpoint before it has seen anything', () => {
    assert.deepEqual(orderedCursor(context(), 'at').checkpoint(), [])
  })
})
