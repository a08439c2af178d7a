import assert from 'node:assert/strict'
import { mkdtemp, rm, symlink, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { JsonObject } from '@tributary/connector-sdk'
import { type Harness, harness } from './source-harness.testing.js'

describe('source-files', () => {
  let files: Harness
  beforeEach(async () => {
    files = await harness()
  })
  afterEach(() => files.remove())

  it('makes a stream of each folder and of each file beside them', async () => {
    await files.write('orders/2024-01.csv', 'id,total\n1,9.50\n')
    await files.write('orders/2024-02.csv.gz', gzipSync('id,total\n2,7.25\n'))
    await files.write('customers.ndjson', '{"id":1,"email":"ada@example.com"}\n')
    await files.write('readme.md', 'no data')
    const streams = await files.discover()
    assert.deepEqual(
      streams.map((stream) => [stream.name, Object.keys(stream.schema.properties)]),
      [
        ['customers', ['id', 'email']],
        ['orders', ['id', 'total']],
      ],
    )
  })

  it('hands an untouched CSV file to the warehouse', async () => {
    const path = await files.write('orders.csv', 'id;total\n1;9.50\n')
    const { messages } = await files.read('orders', { path: 'blocks' })
    assert.deepEqual(
      messages.filter((message) => message.type === 'block'),
      [
        {
          type: 'block',
          block: {
            format: 'CSVWithNames',
            columns: ['id', 'total'],
            settings: {
              date_time_input_format: 'best_effort',
              format_csv_delimiter: ';',
              input_format_csv_skip_trailing_empty_lines: 1,
              format_csv_allow_double_quotes: 1,
              format_csv_allow_single_quotes: 0,
              format_csv_null_representation: '\\N',
            },
            body: { kind: 'file', path, bytes: 16 },
          },
        },
      ],
    )
  })

  it('reads only new and changed files after a checkpoint', async () => {
    await files.write('orders/a.csv', 'id\n1\n', 1000)
    await files.write('orders/b.csv', 'id\n2\n', 2000)
    const first = await files.read('orders')
    await files.write('orders/c.csv', 'id\n3\n', 3000)
    await files.write('orders/late.csv', 'id\n4\n', 500)
    await files.write('orders/b.csv', 'id\n20\n', 2000)
    const second = await files.read('orders', { state: first.states.at(-1)! })
    assert.deepEqual(
      [first, second].map(({ records }) => records),
      [
        [{ id: 1 }, { id: 2 }],
        [{ id: 4 }, { id: 20 }, { id: 3 }],
      ],
    )
  })

  it('forgets files that are gone, and reads one again that came back changed', async () => {
    await files.write('orders/a.csv', 'id\n1\n', 1000)
    await files.write('orders/b.csv', 'id\n2\n', 2000)
    const first = await files.read('orders')
    await rm(join(files.folder, 'orders/a.csv'))
    const second = await files.read('orders', { state: first.states.at(-1) })
    await files.write('orders/a.csv', 'id\n10\n', 1000)
    const third = await files.read('orders', { state: first.states.at(-1) })
    assert.deepEqual([second.messages, third.records], [[], [{ id: 10 }]])
  })

  it('finds bad lines with their line and their text', async () => {
    const padding = 'x'.repeat(60)
    const lines = Array.from({ length: 50_000 }, (_, index) => `${index},2024-01-02,${padding}`)
    lines[30_000] = 'abc,2024-01-02,x'
    lines[40_000] = '40000,2024-02-30,x'
    lines[45_000] = '1,2'
    lines[46_000] = '46000,2024-01-02,"x'
    await files.write('a.csv', `id,day,text\n${lines.join('\r\n')}\r\n`)
    const config = { streams: [{ name: 'a', glob: '*.csv', schema: { id: 'int64', day: 'date' } }] }
    const { records, rejects } = await files.read('a', { config })
    assert.equal(records.length, 49_996)
    assert.deepEqual(rejects, [
      { reason: 'id does not have its type', location: 'a.csv line 30002', raw: 'abc,2024-01-02,x' },
      { reason: 'day does not have its type', location: 'a.csv line 40002', raw: '40000,2024-02-30,x' },
      { reason: 'line has 2 values and the file 3 columns', location: 'a.csv line 45002', raw: '1,2' },
      {
        reason: 'a quote is opened and never closed',
        location: 'a.csv line 46002',
        raw: '46000,2024-01-02,"x',
      },
    ])
  })

  it('finds bad lines of NDJSON', async () => {
    const bytes = Buffer.concat([
      Buffer.from('{"id":1,"n":"a"}\n\n{"id":2\n[3]\n{"id":"x"}\n{"id":5,"n":"'),
      Buffer.from([0xff]),
      Buffer.from('"}\n{"id":"6"}\r\n{"id":12345678901234567890}\n{"id":9007199254740993,"n":7}'),
    ])
    await files.write('a.ndjson', bytes)
    const config = { streams: [{ name: 'a', glob: 'a.ndjson', schema: { id: 'int64' } }] }
    const { records, rejects } = await files.read('a', { config })
    assert.deepEqual(records, [{ id: 1, n: 'a' }, { id: 6 }, { id: '9007199254740993', n: '7' }])
    assert.deepEqual(rejects, [
      {
        reason: 'line is not JSON: syntax error at character 8',
        location: 'a.ndjson line 3',
        raw: '{"id":2',
      },
      { reason: 'line is JSON but no object', location: 'a.ndjson line 4', raw: '[3]' },
      { reason: 'id does not have its type', location: 'a.ndjson line 5', raw: '{"id":"x"}' },
      { reason: 'line is not UTF-8', location: 'a.ndjson line 6', raw: '{"id":5,"n":"\ufffd"}' },
      {
        reason: 'id does not have its type',
        location: 'a.ndjson line 8',
        raw: '{"id":12345678901234567890}',
      },
    ])
  })

  it('goes on from every checkpoint, in the middle of files too', async () => {
    const line = (id: number): string => `{"id":${id},"text":"${'y'.repeat(1000)}"}\n`
    const big = Array.from({ length: 80_000 }, (_, index) => line(index)).join('')
    await files.write('t/a.ndjson', big, 1000)
    await files.write('t/b.ndjson.gz', gzipSync(big, { level: 1 }), 2000)
    await files.write('t/c.ndjson', line(80_000), 3000)
    const whole = await files.read('t')
    assert.equal(whole.records.length, 160_001)
    assert.equal(whole.states.length, 7)
    let seen = 0
    const remaining: [state: JsonObject, rest: number][] = []
    for (const message of whole.messages) {
      if (message.type === 'records') seen += message.records.length
      if (message.type === 'checkpoint') remaining.push([message.state, whole.records.length - seen])
    }
    for (const [state, rest] of remaining) {
      const resumed = await files.read('t', { state })
      assert.deepEqual(
        resumed.records.map(({ id }) => id),
        whole.records.slice(whole.records.length - rest).map(({ id }) => id),
      )
    }
  }).timeout(60_000)

  it('reads the window of a backfill only', async () => {
    for (const [index, name] of ['a', 'b', 'c'].entries())
      await files.write(`t/${name}.csv`, `id\n${index}\n`, 1000 * (index + 1))
    const window = { from: '1970-01-01T00:33:20Z', to: '1970-01-01 00:50:00Z' }
    const { records } = await files.read('t', { window })
    assert.deepEqual(records, [{ id: 1 }])
  })

  it('never follows a link out of the folder', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'tributary-outside-'))
    try {
      const own = await files.write('in/a.csv', 'id\n1\n')
      await symlink(own, join(files.folder, 'inside.csv'))
      await symlink(join(files.folder), join(files.folder, 'in/circle'))
      await symlink(outside, join(files.folder, 'out'))
      await symlink('/etc/hostname', join(files.folder, 'hostname.csv'))
      const streams = await files.discover()
      assert.deepEqual(
        streams.map(({ name }) => name),
        ['in', 'inside'],
      )
      assert.deepEqual(new Set(files.warnings), new Set(['link leaves the folder and is not followed']))
    } finally {
      await rm(outside, { recursive: true })
    }
  })

  it('says SourceUnavailable when a file changes while it is read', async () => {
    const path = await files.write('t/a.csv', 'id\n1\n', 1000)
    const reading = files.messages('t', { path: 'blocks' })
    assert.equal((await reading.next()).value?.type, 'block')
    await utimes(path, 2000, 2000)
    await assert.rejects(reading.next(), { kind: 'SourceUnavailable' })
  })

  for (const [name, location, kind] of [
    ['a folder that does not exist', { folder: 'nowhere' }, 'ConfigInvalid'],
    ['a file in place of a folder', { folder: 'data/file.csv' }, 'ConfigInvalid'],
    ['half a key', { s3: { bucket: 'b', access_key_id: 'x' } }, 'ConfigInvalid'],
  ] as const)
    it(`refuses ${name}`, async () => {
      await files.write('file.csv', 'id\n')
      await assert.rejects(files.check({ location }), { kind })
    })

  it('reads nothing where no file matches', async () => {
    const config = { streams: [{ name: 'orders', glob: 'orders/*.csv', primary_key: ['id'] }] }
    const { messages } = await files.read('orders', { config })
    assert.deepEqual(messages, [])
  })

  it('keeps its state under 8 KB with thousands of files, and finds one that comes late', async () => {
    for (let index = 0; index < 3000; index++)
      await files.write(`t/${'long-name-'.repeat(10)}${index}.csv`, `id\n${index}\n`, 10_000 + index)
    const first = await files.read('t')
    assert.ok(JSON.stringify(first.states.at(-1)).length < 8000)
    await files.write('t/late.csv', 'id\n-1\n', 5)
    const second = await files.read('t', { state: first.states.at(-1) })
    assert.deepEqual([first.records.length, second.records], [3000, [{ id: -1 }]])
  }).timeout(30_000)

  it('says CursorLost in append, and reads all again with a key, when too much changed to tell what', async () => {
    for (let index = 0; index < 400; index++) await files.write(`t/${index}.csv`, `id\n${index}\n`, 1000)
    const state = (await files.read('t')).states.at(-1)
    for (let index = 0; index < 400; index++) await files.write(`t/${index}.csv`, `id\n${index}\n`, 900)
    await assert.rejects(files.read('t', { state }), { kind: 'CursorLost' })
    const again = await files.read('t', { state, destinationSyncMode: 'append_dedup' })
    assert.equal(again.records.length, 400)
  }).timeout(30_000)

  for (const [name, content, csv, text, records] of [
    ['equal names', 'id,id\n1,2\n', {}, '"id","id_2"\n1,2\n', [{ id: 1, id_2: 2 }]],
    ['a byte order mark', '\ufeffid,x\n1,2\n', {}, '"id","x"\n1,2\n', [{ id: 1, x: 2 }]],
    [
      'no header',
      '1;a\n',
      { header: false, columns: ['id', 'name'] },
      '"id";"name"\n1;a\n',
      [{ id: 1, name: 'a' }],
    ],
    [
      'another encoding',
      Buffer.from('id,name\n1,zo\xeb\n', 'latin1'),
      { encoding: 'windows-1252' },
      '"id","name"\n1,zoë\n',
      [{ id: 1, name: 'zoë' }],
    ],
  ] as const)
    it(`gives the warehouse a header that it understands for a file with ${name}`, async () => {
      await files.write('a.csv', content)
      const config = { streams: [{ name: 'a', glob: 'a.csv', csv: csv as { header?: boolean } }] }
      const { messages } = await files.read('a', { config, path: 'blocks' })
      const texts = messages.flatMap((message) =>
        message.type === 'block' && message.block.body.kind === 'bytes'
          ? [Buffer.concat([message.block.body.bytes].flat() as Uint8Array[]).toString()]
          : [],
      )
      assert.deepEqual([texts, (await files.read('a', { config })).records], [[text], records])
    })

  it('reads several null values by rows, since the warehouse knows one', async () => {
    await files.write('a.csv', 'id,x\n1,N/A\n2,NULL\n3,"NULL"\n')
    const config = { streams: [{ name: 'a', glob: 'a.csv', csv: { null_values: ['NULL', 'N/A'] } }] }
    const { records } = await files.read('a', { config, path: 'blocks' })
    assert.deepEqual(records, [
      { id: 1, x: null },
      { id: 2, x: null },
      { id: 3, x: 'NULL' },
    ])
  })
})
