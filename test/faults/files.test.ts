/** A folder in which many files are broken, end to end: nothing hangs, what can be read is loaded, the rest is named. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { apply } from '../../operations/apply.js'
import { checkConnector, discoverConnector } from '../../operations/connectors.js'
import { selectRows } from '../../warehouse/query.js'
import { startTestStack, type TestStack } from '../support/stack.js'
import { syncAndWait } from '../support/sync.js'

const SOURCE = { connector: 'source-files', config: { location: { folder: './data' } } }

describe('faults of files', function () {
  this.timeout(60_000)
  let stack: TestStack

  before(async () => {
    stack = await startTestStack()
    await stack.write({
      'tributary.yaml': 'workspace: files\ntime_zone: UTC\n',
      'sources/files.yaml': `${JSON.stringify(SOURCE).slice(0, -1)}, schedule: manual, streams: [
        { name: "*", sync_mode: incremental, destination_sync_mode: append }] }`,
      'data/broken.ndjson': '{"id":1}\n{"id":2\nnot json\n{"id":4}\n',
      'data/cut.json': '[{"id":1},{"id":2},{"id":3',
      'data/empty.csv': '',
      'data/good.csv': 'id\n1\n',
      'data/mixed/a.csv': 'id\n1\n2\n',
      'data/mixed/c.csv': 'id\n3\n',
      'data/plain.csv.gz': 'id\n5\n',
      'data/zero.json': '',
    })
    const write = (name: string, bytes: Uint8Array) =>
      writeFile(join(stack.workspaceDir, 'data', name), bytes)
    await write('junk.parquet', randomBytes(5000))
    await write('mixed/b.csv.gz', gzipSync('id\n7\n8\n9\n'.repeat(100)).subarray(0, 30))
    const noise = randomBytes(100_000)
    noise.set([0xff, 0x00, 0xff, 0x0a])
    await write('noise.csv', noise)
    await apply(stack.context, { author: 'test' })
  })
  after(() => stack?.stop())

  it('ends at once, loads what can be read, keeps bad lines, and names every bad file', async () => {
    const report = await syncAndWait(stack, 'files')
    assert.ok(report.seconds < 30, `${report.seconds} s`)
    assert.deepEqual(
      [
        report.outcome,
        report.streams.map(({ name, outcome, rows, rejects, error }) => [
          name,
          outcome,
          rows,
          rejects,
          error?.message.split('; ')[0] ?? '',
        ]),
      ],
      [
        'partial',
        [
          ['broken', 'succeeded', 2, 2, ''],
          ['cut', 'failed', 0, 0, 'reading cut.json: the JSON document ends too early'],
          ['empty', 'failed', 0, 0, 'reading empty: its files are empty'],
          ['good', 'succeeded', 1, 0, ''],
          ['junk', 'failed', 0, 0, 'reading junk.parquet: it is no complete Parquet file'],
          ['mixed', 'failed', 3, 0, 'decompressing mixed/b.csv.gz: the file is damaged or not complete yet'],
          ['noise', 'failed', 0, 0, 'reading noise.csv: it is no text'],
          ['plain', 'succeeded', 1, 0, ''],
          ['zero', 'failed', 0, 0, 'reading zero: its files are empty'],
        ],
      ],
    )
    const rows = await selectRows(
      await stack.context.warehouse(),
      'SELECT toString(id) AS id FROM files.mixed ORDER BY id',
    )
    assert.deepEqual(rows, [{ id: '1' }, { id: '2' }, { id: '3' }])
  })

  it('loads a file that was mended, and only it', async () => {
    await writeFile(join(stack.workspaceDir, 'data/mixed/b.csv.gz'), gzipSync('id\n7\n'))
    const mixed = (await syncAndWait(stack, 'files')).streams.find(({ name }) => name === 'mixed')
    assert.deepEqual([mixed?.outcome, mixed?.rows], ['succeeded', 1])
  })

  it('is told by check and by discover', async () => {
    const asked = { id: 'files', ...SOURCE }
    const { ok, by, warnings } = await checkConnector(stack.context, asked)
    const told: string[] = []
    const found = await discoverConnector(stack.context, asked, (warning) => told.push(warning))
    const expected = [
      'reading cut.json: the JSON document ends too early; the file is damaged or not complete yet, upload it again (stream cut)',
      'reading junk.parquet: it is no complete Parquet file; write it again (stream junk)',
      'reading noise.csv: it is no text; correct csv.encoding, or remove the file (stream noise)',
    ]
    assert.deepEqual([ok, by, warnings, told], [true, 'worker', expected, expected])
    assert.ok(found.kind === 'source')
    assert.deepEqual(
      found.streams.filter(({ unreadable }) => unreadable).map(({ name }) => name),
      ['empty', 'junk', 'noise', 'zero'],
    )
  })
})
