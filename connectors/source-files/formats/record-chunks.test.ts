import assert from 'node:assert/strict'
import fc from 'fast-check'
import { recordChunks } from './record-chunks.js'
import { csvCutter, lineCutter, type RecordCutter } from './record-cutter.js'

interface Cut {
  readonly text: string
  readonly firstLine: number
  readonly endOffset: number
  readonly endLine: number
}

async function cut(pieces: readonly string[], cutter: RecordCutter, targetBytes: number): Promise<Cut[]> {
  async function* source(): AsyncGenerator<Buffer> {
    for (const piece of pieces) yield Buffer.from(piece)
  }
  const cuts: Cut[] = []
  for await (const chunk of recordChunks(source(), cutter, { targetBytes, offset: 0, line: 1 }))
    cuts.push({
      text: Buffer.concat(chunk.pieces).toString(),
      firstLine: chunk.firstLine,
      endOffset: chunk.endOffset,
      endLine: chunk.endLine,
    })
  return cuts
}

describe('cutting text into chunks of records', () => {
  it('cuts at line ends and says where to go on', async () => {
    assert.deepEqual(await cut(['{"a":1}\n{"a', '":2}\n{"a":3}'], lineCutter(), 1), [
      { text: '{"a":1}\n', firstLine: 1, endOffset: 8, endLine: 2 },
      { text: '{"a":2}\n', firstLine: 2, endOffset: 16, endLine: 3 },
      { text: '{"a":3}', firstLine: 3, endOffset: 23, endLine: 3 },
    ])
  })

  it('never cuts inside of quotes', async () => {
    const cuts = await cut(['a,"x\ny', '\n"\nb,"', '"\nc,5"\nd'], csvCutter(',', '"'), 1)
    assert.deepEqual(
      cuts.map(({ text }) => text),
      ['a,"x\ny\n"\n', 'b,""\nc,5"\n', 'd'],
    )
  })

  it('cuts a CSV at record ends only, however its bytes arrive', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', ' ', '\r') })
    const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 3 }), { minLength: 1, maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(rows, fc.array(fc.nat(9), { minLength: 1 }), async (table, sizes) => {
        const lines = table.map(
          (row) => `${row.map((text) => `"${text.replaceAll('"', '""')}"`).join(',')}\n`,
        )
        const text = lines.join('')
        const pieces: string[] = []
        for (let at = 0, turn = 0; at < text.length; turn++) {
          const size = 1 + sizes[turn % sizes.length]!
          pieces.push(text.slice(at, at + size))
          at += size
        }
        const ends = new Set<number>()
        let end = 0
        for (const line of lines) {
          end += line.length
          ends.add(end)
        }
        const cuts = await cut(pieces, csvCutter(',', '"'), 1)
        assert.equal(cuts.map((chunk) => chunk.text).join(''), text)
        assert.ok(cuts.every((chunk) => ends.has(chunk.endOffset)))
      }),
    )
  })
})
