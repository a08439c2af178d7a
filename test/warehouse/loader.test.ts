/** The loader on a real engine: rows, blocks and files arrive once and counted; what does not fit is kept aside. */
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { StreamSchema } from '@tributary/schemas'
import type { Warehouse } from '../../warehouse/client.js'
import { openPosition } from '../../warehouse/ledger/ledger.js'
import { UnreadableBlock } from '../../warehouse/loading/insert-body.js'
import { type LoadBlock, LoadWriter } from '../../warehouse/loading/load-writer.js'
import { selectRow, selectRows } from '../../warehouse/query.js'
import { prepareTables, SchemaConflict } from '../../warehouse/tables/prepare-tables.js'
import { rowsTable, type StreamTable } from '../../warehouse/tables/stream-table.js'
import { LayoutConflict } from '../../warehouse/tables/table-layout.js'
import { openTestWarehouse, PEOPLE, type TestWarehouse, testStream } from '../support/warehouse.js'

describe('a load', () => {
  let open: TestWarehouse
  let warehouse: Warehouse
  let folder: string
  let streams = 0

  before(async () => {
    open = await openTestWarehouse()
    warehouse = open.warehouse
    folder = await mkdtemp(join(tmpdir(), 'tributary-loader-'))
  })
  after(async () => {
    await open?.close()
    await rm(folder, { recursive: true, force: true })
  })

  const options = { signal: new AbortController().signal, localFileRoots: [] }

  async function begin(keyed = false, settings: Pick<StreamTable, 'ttl' | 'partitionBy'> = {}) {
    const plain = testStream(`load_${++streams}`, { keyed })
    const stream = { ...plain, table: { ...plain.table, ...settings } }
    await prepareTables(warehouse, stream.table, 'evolve')
    const { position } = await openPosition(warehouse, {
      source: 'crm',
      stream: stream.table.stream,
      lane: 'live',
      keyed,
      newGeneration: false,
    })
    const target = { ...stream.target(position), table: stream.table }
    const writer = new LoadWriter(warehouse, target, options)
    const stored = () =>
      selectRows(warehouse, `SELECT toInt32(id) AS id, name FROM ${rowsTable(stream.table)} ORDER BY id`)
    return { stream, target, writer, stored }
  }

  const tsv = (text: string): LoadBlock => ({
    format: 'TabSeparated',
    columns: ['id', 'name'],
    body: { kind: 'bytes', bytes: Buffer.from(text) },
    rows: text.split('\n').length - 1,
  })

  it('takes records and blocks into one load and counts them', async () => {
    const { writer, stored } = await begin()
    await writer.appendRecords([{ id: 1, name: 'Ada' }])
    await writer.appendBlock(tsv('2\tBea\n3\t\\N\n'))
    const totals = await writer.finish()
    assert.deepEqual({ rows: totals.rows, rejects: totals.rejects }, { rows: 3, rejects: 0 })
    assert.deepEqual(await stored(), [
      { id: 1, name: 'Ada' },
      { id: 2, name: 'Bea' },
      { id: 3, name: null },
    ])
  })

  it('keeps the first row of a block whose values are the names of its columns', async () => {
    const { writer, stored, stream } = await begin()
    await writer.appendBlock({ ...tsv('7\tname\n'), columns: ['id', 'name'] })
    await writer.finish()
    assert.deepEqual(await stored(), [{ id: 7, name: 'name' }])
    assert.ok(stream)
  })

  it('sends a compressed file as it is', async () => {
    const path = join(folder, 'people.ndjson.gz')
    const bytes = gzipSync('{"id":1,"name":"Ada"}\n{"id":2,"name":"Bea"}\n')
    await writeFile(path, bytes)
    const { writer, stored } = await begin()
    await writer.appendBlock({
      format: 'JSONEachRow',
      columns: ['id', 'name'],
      body: { kind: 'file', path, bytes: bytes.length, compression: 'gzip' },
    })
    assert.equal((await writer.finish()).rows, 2)
    assert.equal((await stored()).length, 2)
  })

  it('names a file to an engine that may read it, and sends the bytes of any other', async () => {
    const inside = join(open.filesDir, 'inside.ndjson')
    const outside = join(folder, 'outside.ndjson')
    await writeFile(inside, '{"id":1,"name":"in"}\n')
    await writeFile(outside, '{"id":2,"name":"out"}\n')
    const { target, stored } = await begin()
    const writer = new LoadWriter(warehouse, target, {
      signal: new AbortController().signal,
      localFileRoots: [open.filesDir],
    })
    for (const path of [inside, outside]) {
      await writer.appendBlock({
        format: 'JSONEachRow',
        columns: ['id', 'name'],
        body: { kind: 'file', path, bytes: 22 },
      })
    }
    assert.equal((await writer.finish()).rows, 2)
    assert.deepEqual(await stored(), [
      { id: 1, name: 'in' },
      { id: 2, name: 'out' },
    ])
  })

  it('keeps aside the records that do not fit, with the reason and the record', async () => {
    const { writer, stored, target } = await begin()
    await writer.appendRecords([{ id: 1, name: 'Ada' }, { id: 'one', name: 'Bea' }, { name: 'no key' }])
    const totals = await writer.finish()
    assert.deepEqual({ rows: totals.rows, rejects: totals.rejects }, { rows: 1, rejects: 2 })
    assert.deepEqual(await stored(), [{ id: 1, name: 'Ada' }])
    const rejects = await selectRows(
      warehouse,
      'SELECT field, raw FROM tributary.rejects WHERE load_id = {id:UInt64} ORDER BY ordinal',
      { id: target.loadId },
    )
    assert.deepEqual(rejects, [
      { field: 'id', raw: '{"id":"one","name":"Bea"}' },
      { field: 'id', raw: '{"name":"no key"}' },
    ])
  })

  it('says that a block cannot be read, so that its rows are looked at one by one', async () => {
    const { writer } = await begin()
    await assert.rejects(async () => {
      await writer.appendBlock(tsv('1\tAda\nnot a number\tBea\n'))
      await writer.finish()
    }, UnreadableBlock)
  })

  it('refuses a block whose source counted other rows than arrived', async () => {
    const { writer } = await begin()
    await writer.appendBlock({ ...tsv('1\tAda\n'), rows: 2 })
    await assert.rejects(() => writer.finish(), { name: 'CountMismatch' })
  })

  describe('with a block that is still being read', () => {
    type Chunks = AsyncGenerator<Uint8Array, number>
    const open = (chunks: Chunks): LoadBlock => ({
      format: 'TabSeparated',
      columns: ['id', 'name'],
      body: { kind: 'open', chunks },
    })
    async function* people(first: number, count: number): Chunks {
      for (let id = first; id < first + count; id++) yield Buffer.from(`${id}\tname ${id}\n`)
      return count
    }

    for (const keyed of [false, true]) {
      it(`counts its rows when they have come${keyed ? ', and numbers those after it on' : ''}`, async () => {
        const { writer, stream } = await begin(keyed)
        await writer.appendBlock(open(people(1, 300)))
        await writer.appendBlock(open(people(301, 300)))
        await writer.appendRecords([{ id: 601, name: 'last' }])
        const totals = await writer.finish()
        assert.deepEqual([totals.rows, writer.rows], [601, 601])
        if (!keyed) return
        const order = await selectRows<{ id: number }>(
          warehouse,
          `SELECT toInt32(id) AS id FROM ${rowsTable(stream.table)} ORDER BY _ordinal`,
        )
        assert.deepEqual(
          order.map(({ id }) => id),
          Array.from({ length: 601 }, (_, at) => at + 1),
        )
      })
    }

    it('refuses it where the source counted other rows than arrived', async () => {
      const { writer } = await begin()
      const chunks = async function* (): Chunks {
        yield* people(1, 3)
        return 4
      }
      await writer.appendBlock(open(chunks()))
      await assert.rejects(() => writer.finish(), { name: 'CountMismatch' })
    })

    it('reads it to its end also when the warehouse refuses it, so that its source is not kept waiting', async () => {
      const { writer, target } = await begin()
      let ended = false
      const chunks = async function* (): Chunks {
        yield Buffer.from('not a number\tAda\n')
        yield* people(1, 20_000)
        ended = true
        return 20_001
      }
      const statement = { ...target, blocks: { ...target.blocks, where: 'no_such_column = 1' } }
      for (const place of [target, statement]) {
        ended = false
        const refused = place === target ? writer : new LoadWriter(warehouse, place, options)
        await refused.appendBlock(open(chunks()))
        await assert.rejects(refused.finish(), place === target ? UnreadableBlock : /no_such_column/)
        assert.equal(ended, true)
      }
    })

    it('shows nothing of a block whose source fails in its middle', async () => {
      const { writer, stored } = await begin()
      const chunks = async function* (): Chunks {
        yield* people(1, 5_000)
        throw new Error('the connection broke')
      }
      await writer.appendBlock(open(chunks()))
      await assert.rejects(writer.finish(), /the connection broke/)
      await writer.abandon()
      assert.deepEqual(await stored(), [])
    })
  })

  it('counts its own rows where people attached a materialized view to the table', async () => {
    for (const block of [tsv('1\tAda\n2\tBea\n'), { ...tsv('1\tAda\n2\tBea\n'), rows: undefined }]) {
      const { writer, stream } = await begin()
      const view = `crm.copy_of_${stream.table.stream}`
      const query = `CREATE MATERIALIZED VIEW ${view} ENGINE = MergeTree ORDER BY id AS SELECT id FROM ${rowsTable(stream.table)}`
      await warehouse.command({ query })
      const { rows, ...countless } = block
      await writer.appendBlock(rows === undefined ? countless : { ...countless, rows })
      assert.equal((await writer.finish()).rows, 2)
    }
  })

  it('takes rows whose time to live is over', async () => {
    const { writer } = await begin(false, { ttl: 'toDateTime(assumeNotNull(at)) + INTERVAL 1 YEAR' })
    await writer.appendRecords(
      Array.from({ length: 100 }, (_, id) => ({ id, at: `20${id % 2 ? '20' : '99'}-01-01T00:00:00Z` })),
    )
    assert.ok((await writer.finish()).rows >= 50)
  })

  it('spreads a block over as many partitions as its rows need', async () => {
    const { writer } = await begin(false, { partitionBy: 'toYYYYMM(assumeNotNull(at))' })
    await writer.appendRecords(
      Array.from({ length: 300 }, (_, id) => ({ id, at: new Date(Date.UTC(2000, id)).toISOString() })),
    )
    assert.equal((await writer.finish()).rows, 300)
  })

  it('numbers the rows of a keyed load in the order of the source, across blocks', async () => {
    const { writer, stream } = await begin(true)
    await writer.appendBlock(tsv('1\ta\n2\tb\n'))
    await writer.appendRecords([{ id: 3, name: 'c' }])
    await writer.appendBlock({ ...tsv('4\td\n5\te\n'), rows: undefined as never })
    await writer.appendBlock(tsv('6\tf\n'))
    await writer.finish()
    const row = await selectRow<{ ids: number[] }>(
      warehouse,
      `SELECT arrayMap(x -> toInt32(x.2), arraySort(groupArray((_ordinal, id)))) AS ids, uniqExact(_ordinal) AS n
       FROM ${rowsTable(stream.table)}`,
    )
    assert.deepEqual(row, { ids: [1, 2, 3, 4, 5, 6], n: '6' })
  })
})

describe('the tables of a stream', () => {
  let open: TestWarehouse
  before(async () => {
    open = await openTestWarehouse()
  })
  after(() => open?.close())

  const wider: StreamSchema = {
    ...PEOPLE,
    properties: { ...PEOPLE.properties, city: { type: ['string', 'null'] } },
  }
  const counted = (type: 'integer' | 'number'): StreamSchema => ({
    ...PEOPLE,
    properties: { ...PEOPLE.properties, visits: { type } },
  })
  const columns = (stream: string) =>
    selectRows<{ name: string }>(
      open.warehouse,
      "SELECT name FROM system.columns WHERE database = 'crm' AND table = {table:String} AND NOT startsWith(name, '_') ORDER BY position",
      { table: stream },
    ).then((rows) => rows.map((row) => row.name))

  for (const keyed of [false, true]) {
    it(`gain a column where the source has a new field${keyed ? ', the current one too' : ''}`, async () => {
      const name = `evolving_${keyed}`
      await prepareTables(open.warehouse, testStream(name, { keyed }).table, 'evolve')
      await prepareTables(open.warehouse, testStream(name, { keyed, schema: wider }).table, 'evolve')
      assert.deepEqual(await columns(`${name}__rows`), ['id', 'name', 'at', 'city'])
      assert.deepEqual(await columns(name), ['id', 'name', 'at', 'city'])
    })
  }

  it('refuse a type that cannot hold what is there, and change nothing', async () => {
    const stream = (type: 'integer' | 'number') =>
      testStream('strict', { keyed: false, schema: counted(type) }).table
    await prepareTables(open.warehouse, stream('integer'), 'evolve')
    await assert.rejects(() => prepareTables(open.warehouse, stream('number'), 'evolve'), SchemaConflict)
    assert.deepEqual(await columns('strict'), ['id', 'name', 'at', 'visits'])
  })

  it('refuse another key than the one by which their rows were merged', async () => {
    const { table } = testStream('rekeyed', { keyed: true })
    await prepareTables(open.warehouse, table, 'evolve')
    await assert.rejects(
      () => prepareTables(open.warehouse, { ...table, key: ['id', 'name'] }, 'evolve'),
      LayoutConflict,
    )
  })

  it('stay as they are under a frozen schema', async () => {
    await prepareTables(open.warehouse, testStream('frozen', { keyed: false }).table, 'freeze')
    const other = testStream('frozen', { keyed: false, schema: wider }).table
    await assert.rejects(() => prepareTables(open.warehouse, other, 'freeze'), /city/)
  })

  it('leave a new field to the loader under a discard contract', async () => {
    await prepareTables(open.warehouse, testStream('closed', { keyed: false }).table, 'discard_value')
    const other = testStream('closed', { keyed: false, schema: wider }).table
    const { change } = await prepareTables(open.warehouse, other, 'discard_value')
    assert.deepEqual(
      change.discard.map((column) => column.name),
      ['city'],
    )
    assert.deepEqual(await columns('closed'), ['id', 'name', 'at'])
  })
})
