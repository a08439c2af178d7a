import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { chmod } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import type { StreamMessage } from '@tributary/connector-sdk'
import { type Harness, harness, type ReadOptions } from './source-harness.testing.js'

/** What a read yields before it fails, and how it fails. */
async function readAll(files: Harness, stream: string, options: ReadOptions = {}) {
  const records: unknown[] = []
  const states: StreamMessage[] = []
  try {
    for await (const message of files.messages(stream, options)) {
      if (message.type === 'records') records.push(...message.records)
      if (message.type === 'checkpoint') states.push(message)
    }
    return { records, states, error: undefined }
  } catch (error) {
    return { records, states, error: error as Error & { kind?: string } }
  }
}

describe('files that cannot be read', () => {
  let files: Harness
  beforeEach(async () => {
    files = await harness()
  })
  afterEach(() => files.remove())

  const lines = Array.from({ length: 200_000 }, (_, index) => `${index},${(index * 7919) % 10_007}\n`)
  const archive = gzipSync(`id,x\n${lines.join('')}`)
  const noise = randomBytes(100_000)
  noise.set([0xff, 0x00, 0xff, 0x0a])

  it('keep no other stream from being found, and are named with what to do', async () => {
    await files.write('good.csv', 'id\n1\n')
    await files.write('junk.parquet', randomBytes(5000))
    await files.write('noise.csv', noise)
    await files.write('open.csv', 'id,"name\n1,a\n')
    await files.write('cut.json', '[{"id":1},{"id":2},{"id"')
    await files.write('empty.csv', '')
    const streams = await files.discover()
    assert.deepEqual(
      streams.map(({ name, schema, unreadable }) => [
        name,
        Object.keys(schema.properties),
        unreadable?.message,
      ]),
      [
        ['cut', ['id'], undefined],
        ['empty', [], 'reading empty: its files are empty; it is read when one holds data'],
        ['good', ['id'], undefined],
        ['junk', [], 'reading junk.parquet: it is no complete Parquet file; write it again'],
        ['noise', [], 'reading noise.csv: it is no text; correct csv.encoding, or remove the file'],
        [
          'open',
          [],
          'reading open.csv: its first line is no CSV: a quote is opened and never closed; correct csv.quote or the file',
        ],
      ],
    )
    assert.deepEqual(files.warnings, [
      'reading cut.json: the JSON document ends too early; the file is damaged or not complete yet, upload it again',
      'reading junk.parquet: it is no complete Parquet file; write it again',
      'reading noise.csv: it is no text; correct csv.encoding, or remove the file',
      'reading open.csv: its first line is no CSV: a quote is opened and never closed; correct csv.quote or the file',
    ])
  })

  it('are those whose columns are named in another encoding, which would spoil what is read', async () => {
    await files.write('list.csv', Buffer.from('Email;Pr\xe9nom\na@x.org;Ren\xe9\n', 'latin1'))
    const [list] = await files.discover()
    assert.equal(
      list?.unreadable?.message,
      'reading list.csv: names of its columns are not in this encoding; correct the encoding of its stream (csv.encoding), windows-1252 for most exports of spreadsheets',
    )
  })

  it('are named when a config is checked', async () => {
    await files.write('t/a.csv', 'id\n1\n')
    await files.write('t/b.csv', noise)
    await files.check()
    assert.deepEqual(files.warnings, [
      'reading t/b.csv: it is no text; correct csv.encoding, or remove the file',
    ])
  })

  it('are left out whole, the others are read, and the end names them', async () => {
    await files.write('t/a.csv', 'id,x\n1,1\n', 1000)
    await files.write('t/b.csv.gz', archive.subarray(0, 200_000), 2000)
    await files.write('t/c.csv', 'id,x\n2,2\n', 3000)
    const first = await readAll(files, 't')
    assert.deepEqual(
      [first.records, first.states.length, first.error?.kind, first.error?.message],
      [
        [
          { id: 1, x: 1 },
          { id: 2, x: 2 },
        ],
        2,
        'UnreadableData',
        'decompressing t/b.csv.gz: the file is damaged or not complete yet; upload it again; the other files were read',
      ],
    )
    const state = first.states.at(-1)?.type === 'checkpoint' ? first.states.at(-1) : undefined
    assert.ok(state?.type === 'checkpoint')
    const again = await readAll(files, 't', { state: state.state })
    assert.deepEqual([again.records, again.error?.kind], [[], 'UnreadableData'])
    await files.write('t/b.csv.gz', archive, 4000)
    const mended = await readAll(files, 't', { state: state.state })
    assert.deepEqual([mended.records.length, mended.error], [200_000, undefined])
  })

  it('end the block path at once when blocks of them are on their way, so that rows can tell them apart', async () => {
    const text = JSON.stringify(Array.from({ length: 3 }, (_, id) => ({ id })))
    await files.write('t/a.json', text, 1000)
    await files.write('t/b.json', text.slice(0, -4), 2000)
    await files.write('t/c.json', text, 3000)
    const blocks = await readAll(files, 't', { path: 'blocks' })
    const rows = await readAll(files, 't')
    assert.deepEqual(
      [blocks.error?.kind, rows.error?.kind, rows.records.length],
      ['UnreadableData', 'UnreadableData', 6],
    )
  })

  it('may be a stream whose settings do not fit its files: the others go on, and the check fails', async () => {
    await files.write('a.csv', 'id\n1\n')
    await files.write('b.csv', 'id\n1\n')
    const config = {
      streams: [
        { name: 'a', glob: 'a.csv', primary_key: ['key'] },
        { name: 'b', glob: 'b.csv' },
        { name: 'both', glob: '*' },
      ],
    }
    await files.write('c.json', '[]')
    const streams = await files.discover(config)
    assert.deepEqual(
      streams.map(({ name, unreadable }) => [name, unreadable?.message]),
      [
        ['a', 'discovering a: its files have no field key; correct primary_key'],
        ['b', undefined],
        ['both', 'discovering both: its files have several formats; narrow glob or name the format'],
      ],
    )
    await assert.rejects(files.check(config), { kind: 'ConfigInvalid' })
  })

  it('may be files that the user of the worker may not open', async function () {
    // Root may open everything.
    if (process.getuid?.() === 0) this.skip()
    await files.write('t/a.csv', 'id\n1\n', 1000)
    await chmod(await files.write('t/b.csv', 'id\n2\n', 2000), 0)
    const { records, error } = await readAll(files, 't')
    assert.deepEqual(
      [records, error?.kind, error?.message],
      [
        [{ id: 1 }],
        'UnreadableData',
        "reading t/b.csv: permission denied; let the worker's user read it; the other files were read",
      ],
    )
  })
})
