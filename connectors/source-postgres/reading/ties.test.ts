import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { RowBlock } from './blocks.js'
import { holdBackTies } from './ties.js'

/** A block whose bytes are cut into chunks anywhere. */
function blockOf(rows: readonly string[], cuts: readonly number[]): RowBlock {
  const bytes = Buffer.from(rows.map((row) => `${row}\n`).join(''))
  const places = [0, ...cuts.map((cut) => cut % bytes.length).sort((a, b) => a - b), bytes.length]
  const chunks = places.slice(1).map((end, at) => bytes.subarray(places[at], end))
  return { chunks, bytes: bytes.length, rows: rows.length }
}

const textOf = (block: RowBlock): string => Buffer.concat(block.chunks as Uint8Array[]).toString()

describe('the rows that are held back at the end of a block', () => {
  it('are all rows of the last cursor value, wherever the chunks are cut', () => {
    const groups = fc
      .array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 40 })
      .map((values) => values.sort())
    fc.assert(
      fc.property(
        groups,
        fc.nat({ max: 2 }),
        fc.array(fc.nat(), { maxLength: 5 }),
        (cursors, field, cuts) => {
          const rows = cursors.map((cursor, at) => {
            const cells = [`a${at}`, '\\N', 'x\\ty']
            cells[field] = String(cursor)
            return cells.join('\t')
          })
          let told: string | undefined = 'never'
          const held = holdBackTies(field, (cursor) => {
            told = cursor
          })(blockOf(rows, cuts))
          const first = cursors.indexOf(cursors.at(-1)!)
          if (first === 0) {
            assert.deepEqual([held, told], [undefined, undefined])
            return
          }
          const expected = rows.slice(first)
          assert.ok(held)
          assert.deepEqual(
            [textOf(held), held.bytes, held.rows, told],
            [
              `${expected.join('\n')}\n`,
              Buffer.byteLength(textOf(held)),
              expected.length,
              String(cursors.at(-1)),
            ],
          )
        },
      ),
    )
  })

  it('are none where the group reaches further back than is searched', () => {
    const rows = ['1\tx', ...Array.from({ length: 300 }, () => `2\t${'y'.repeat(10_000)}`)]
    let told: string | undefined = 'never'
    const held = holdBackTies(0, (cursor) => {
      told = cursor
    })(
      blockOf(
        rows,
        Array.from({ length: 50 }, (_, at) => at * 60_000),
      ),
    )
    assert.deepEqual([held, told], [undefined, undefined])
  })
})
