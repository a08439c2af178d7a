import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { StreamSchema } from '@tributary/schemas'
import fc from 'fast-check'
import type { Block } from '../contract.js'
import { decodeBlock } from './decode-block.js'

const schema: StreamSchema = {
  type: 'object',
  properties: {
    id: { type: 'integer' },
    big: { 'x-type': 'int64' },
    price: { 'x-type': 'decimal(18,2)' },
    ratio: { type: ['number', 'null'] },
    ok: { type: 'boolean' },
    data: { 'x-type': 'json' },
    text: { type: 'string' },
  },
}
const decode = async (block: Partial<Block> & { text?: string; chunks?: Buffer[] }) => {
  const bytes = block.chunks ?? Buffer.from(block.text ?? '')
  const full = { format: 'TabSeparated', columns: [], body: { kind: 'bytes', bytes }, ...block } as Block
  const found: unknown[] = []
  for await (const record of decodeBlock(full, schema)) found.push(record)
  return found
}

describe('decodeBlock', () => {
  it('reads TabSeparated by the fields’ types', async () => {
    const columns = ['id', 'big', 'price', 'ratio', 'ok', 'data', 'text']
    assert.deepEqual(
      await decode({
        columns,
        text: '1\t9007199254740993\t1.50\t\\N\tt\t{"a":[1]}\ta\\tb\\nc\\\\\n2\t2\t3\tnan\t0\t"x"\t\n',
      }),
      [
        {
          id: 1,
          big: '9007199254740993',
          price: '1.50',
          ratio: null,
          ok: true,
          data: { a: [1] },
          text: 'a\tb\nc\\',
        },
        { id: 2, big: 2, price: '3', ratio: 'nan', ok: false, data: 'x', text: '' },
      ],
    )
  })
  it('reads CSV with quotes, line ends in cells, nulls and another delimiter', async () => {
    assert.deepEqual(
      await decode({
        format: 'CSV',
        columns: ['id', 'text'],
        settings: { format_csv_delimiter: ';' },
        text: '1;"a;""b""\nc"\r\n2;\\N\n3;"\\N"\n4;""\n5;',
      }),
      [
        { id: 1, text: 'a;"b"\nc' },
        { id: 2, text: null },
        { id: 3, text: '\\N' },
        { id: 4, text: '' },
        { id: 5, text: null },
      ],
    )
  })
  it('reads CSV with names and JSON lines by name', async () => {
    assert.deepEqual(
      await decode({ format: 'CSVWithNames', columns: ['id', 'text'], text: 'text,id\nx,1\n' }),
      [{ text: 'x', id: 1 }],
    )
    assert.deepEqual(await decode({ format: 'JSONEachRow', text: '{"id":1}\n\n{"id":2,"text":"ü"}' }), [
      { id: 1 },
      { id: 2, text: 'ü' },
    ])
  })
  it('reads a gzip file, and chunks cut anywhere, also within a character', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'tributary-block-'))
    const path = join(directory, 'rows.tsv.gz')
    const bytes = gzipSync('1\tü\n')
    await writeFile(path, bytes)
    const body = { kind: 'file', path, bytes: bytes.length, compression: 'gzip' } as const
    assert.deepEqual(await decode({ columns: ['id', 'text'], body }), [{ id: 1, text: 'ü' }])
    await rm(directory, { recursive: true })
    const whole = Buffer.from('1\tü😀\n2\t\\N\n')
    const chunks = [...whole].map((byte) => Buffer.from([byte]))
    assert.deepEqual(await decode({ columns: ['id', 'text'], chunks }), [
      { id: 1, text: 'ü😀' },
      { id: 2, text: null },
    ])
  })
  it('brings back any text that was written as CSV', async () => {
    const cell = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.includes('\r'))
    await fc.assert(
      fc.asyncProperty(fc.array(cell, { minLength: 1 }), async (texts) => {
        const csv = texts.map((value, id) => `${id},"${value.replaceAll('"', '""')}"\n`).join('')
        const expected = texts.map((value, id) => ({ id, text: value }))
        assert.deepEqual(await decode({ format: 'CSV', columns: ['id', 'text'], text: csv }), expected)
      }),
    )
  })
  const cases: [string, Parameters<typeof decode>[0], RegExp][] = [
    ['Parquet', { format: 'Parquet' }, /ask the stream for rows/],
    ['a row that is too short', { columns: ['id', 'text'], text: '1\n' }, /1 cells for 2 columns/],
    ['text for a number', { columns: ['id'], text: 'x\n' }, /cell of id is no integer/],
    ['text for a boolean', { columns: ['ok'], text: 'x\n' }, /cell of ok is no boolean/],
    ['broken JSON', { columns: ['data'], text: '{\n' }, /cell of data is no JSON/],
    ['a broken line', { format: 'JSONEachRow', text: '{\n' }, /line of JSONEachRow is no JSON/],
  ]
  for (const [name, block, message] of cases) {
    it(`refuses ${name}, without its content`, () =>
      assert.rejects(decode(block), { kind: 'ContractViolation', message }))
  }
})
