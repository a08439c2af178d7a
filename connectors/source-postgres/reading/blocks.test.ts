import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import fc from 'fast-check'
import type { Connection } from '../client.js'
import { copyBlocks, openBlocks, type RowBlock } from './blocks.js'
import { holdBackTies } from './ties.js'

/** A COPY of these rows, in chunks cut anywhere. */
function copyOf(rows: readonly string[], chunkBytes: number, rowCount = rows.length): Connection {
  const bytes = Buffer.from(rows.map((row) => `${row}\n`).join(''))
  const chunks: Buffer[] = []
  for (let at = 0; at < bytes.length; at += chunkBytes)
    chunks.push(Buffer.from(bytes.subarray(at, at + chunkBytes)))
  const stream = Object.assign(Readable.from(chunks), { rowCount })
  return {
    copy: () => stream,
    query: async () => [],
    fail: (_action, error) => error as Error,
    cancelBy: () => undefined,
    close: async () => undefined,
  }
}

const limits = { rows: 5, bytes: 100 }
const asText = (rows: readonly string[]): string => rows.map((row) => `${row}\n`).join('')
const textOf = (block: RowBlock): string => Buffer.concat(block.chunks as Uint8Array[]).toString()
const rowsGiven = fc.array(fc.stringMatching(/^[a-zé\t]{0,40}$/), { maxLength: 60 })
const chunkBytes = fc.integer({ min: 1, max: 50 })

describe('blocks of a COPY', () => {
  it('hold every row once, whole and counted, however its bytes come', async () => {
    await fc.assert(
      fc.asyncProperty(rowsGiven, chunkBytes, async (rows, chunk) => {
        const blocks: RowBlock[] = []
        for await (const block of copyBlocks(copyOf(rows, chunk), 'q', 'reading', { limits })) {
          assert.deepEqual(
            [block.rows, block.bytes],
            [textOf(block).split('\n').length - 1, Buffer.concat(block.chunks as Uint8Array[]).length],
          )
          blocks.push(block)
        }
        assert.equal(blocks.map(textOf).join(''), asText(rows))
      }),
    )
  })

  it('hand the same bytes on while they come, one block after the other', async () => {
    await fc.assert(
      fc.asyncProperty(rowsGiven, chunkBytes, async (rows, chunk) => {
        let text = ''
        for await (const { chunks, ended } of openBlocks(copyOf(rows, chunk), 'q', 'reading', { limits })) {
          const parts: Uint8Array[] = []
          for await (const part of chunks) parts.push(part)
          await ended
          const block = Buffer.concat(parts).toString()
          assert.ok(block.endsWith('\n'))
          text += block
        }
        assert.equal(text, asText(rows))
      }),
    )
  })

  it('lose no row and part no group where the newest cursor value is held back', async () => {
    const cursors = fc.array(fc.nat({ max: 9 }), { maxLength: 60 }).map((values) => values.sort())
    await fc.assert(
      fc.asyncProperty(cursors, chunkBytes, async (values, chunk) => {
        const rows = values.map((value, at) => `${value}\t${at}`)
        const told: (string | undefined)[] = []
        const holdBack = holdBackTies(0, (value) => void told.push(value))
        const seen: string[] = []
        for await (const block of copyBlocks(copyOf(rows, chunk), 'q', 'reading', { limits, holdBack })) {
          seen.push(...textOf(block).split('\n').slice(0, -1))
          const bound = told.shift()
          assert.ok(bound === undefined || seen.every((row) => row[0]! < bound))
        }
        assert.deepEqual(seen, rows)
      }),
    )
  })

  it('fail where fewer rows came than the server counted', async () => {
    await assert.rejects(async () => {
      for await (const _ of copyBlocks(copyOf(['a', 'b'], 10, 3), 'q', 'reading'));
    }, /2 of 3 rows came/)
  })

  it('wait for their reader, and no longer than somebody may come', async () => {
    const closing = new AbortController()
    const blocks = openBlocks(copyOf(['a', 'b'], 10), 'q', 'reading', { limits, signal: closing.signal })
    const first = await blocks.next()
    const second = blocks.next()
    let came = false
    second.then(
      () => {
        came = true
      },
      () => undefined,
    )
    await new Promise(setImmediate)
    assert.deepEqual([first.done, came], [false, false])
    closing.abort()
    await assert.rejects(second, { name: 'AbortError' })
  })
})
