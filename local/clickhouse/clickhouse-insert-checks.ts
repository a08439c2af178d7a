/** What the warehouse relies on when it inserts through the official client. */
import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { ClickHouseClient, DataFormat } from '@clickhouse/client'

/** A suite's connection, once its tests run. */
export interface CheckContext {
  client(): ClickHouseClient
  /** Runs a query and gives its rows. */
  rows(query: string): Promise<unknown[]>
  /** Creates a table and gives its name. */
  table(columns?: string): Promise<string>
}

const INSERTED: ReadonlyArray<readonly [DataFormat, string]> = [
  ['JSONEachRow', '{"id":1,"name":"a\\n\\nb"}\n{"id":2,"name":"c;d"}\n'],
  ['JSONCompactEachRow', '[1,"a\\n\\nb"]\n[2,"c;d"]\n'],
  ['CSV', '1,"a\n\nb"\n2,c;d\n'],
  ['CSVWithNames', 'name,id\n"a\n\nb",1\nc;d,2\n'],
  ['TabSeparated', '1\ta\\n\\nb\n2\tc;d\n'],
  ['TabSeparatedWithNames', 'name\tid\na\\n\\nb\t1\nc;d\t2\n'],
]

const READ = ['Parquet', 'Arrow', 'ArrowStream', 'Native', 'RowBinary', 'RowBinaryWithNamesAndTypes'] as const

const two = [
  { id: 1, name: 'a\n\nb' },
  { id: 2, name: 'c;d' },
]

/** Registers the checks inside a suite. */
export const registerInsertChecks = ({ client, rows, table }: CheckContext): void => {
  it('inserts an array of objects and reports the rows written', async () => {
    const name = await table()
    const { summary } = await client().insert({ table: name, values: two, format: 'JSONEachRow' })
    assert.equal(summary?.written_rows, '2')
    assert.deepEqual(await rows(`SELECT * FROM ${name} ORDER BY id`), two)
  })

  for (const [format, text] of INSERTED) {
    it(`inserts a stream of ${format} with blank lines and semicolons in its values`, async () => {
      const name = await table()
      const values = Readable.from([Buffer.from(text)], { objectMode: false })
      const query = `INSERT INTO ${name} (id, name) FORMAT ${format}`
      const { stream, summary } = await client().exec({ query, values })
      await buffer(stream)
      assert.equal(summary?.written_rows, '2')
      assert.deepEqual(await rows(`SELECT * FROM ${name} ORDER BY id`), two)
    })
  }

  for (const format of READ) {
    it(`gives ${format} that can be inserted again`, async () => {
      const name = await table("id UInt64, name String, at DateTime64(3, 'UTC'), n Nullable(Float64)")
      const source = `SELECT number AS id, repeat(char(10), number % 3) AS name,
        toDateTime64(number, 3, 'UTC') AS at, if(number % 2, number / 3, NULL) AS n FROM numbers(100000)`
      const { stream } = await client().exec({ query: `${source} FORMAT ${format}` })
      const bytes = await buffer(stream)
      const query = `INSERT INTO ${name} FORMAT ${format}`
      await buffer(
        (await client().exec({ query, values: Readable.from([bytes], { objectMode: false }) })).stream,
      )
      const sum = 'SELECT count() AS c, sum(cityHash64(id, name, at, n)) AS h'
      assert.deepEqual(await rows(`${sum} FROM ${name}`), await rows(`${sum} FROM (${source})`))
    })
  }

  it('inserts through input() with an expression, in the order of the data', async () => {
    const name = await table('id UInt64, name String, ordinal UInt64')
    const lines = Array.from({ length: 200_000 }, (_, index) => `${index}\tname ${index}\n`).join('')
    const query = `INSERT INTO ${name} (id, name, ordinal)
      SELECT id, upper(name), rowNumberInAllBlocks() /* not input('x') */ FROM input('id UInt64, name String')
      SETTINGS max_insert_threads=1, max_threads=1 FORMAT TabSeparated`
    const values = Readable.from([Buffer.from(lines)], { objectMode: false })
    const { stream, summary } = await client().exec({ query, values })
    await buffer(stream)
    assert.equal(summary?.written_rows, '200000')
    assert.deepEqual(
      await rows(
        `SELECT count() AS c, countIf(id = ordinal AND name = concat('NAME ', id::String)) AS ok FROM ${name}`,
      ),
      [{ c: 200_000, ok: 200_000 }],
    )
  })

  it('runs INSERT VALUES with expressions, blank lines and parameters', async () => {
    const name = await table()
    await client().command({ query: `INSERT INTO ${name} VALUES (1, 'a\n\nb'), (1 + 1, 'c;d')` })
    await client().command({
      query: `INSERT INTO ${name} VALUES (3, {x:String})`,
      query_params: { x: "it's" },
    })
    assert.deepEqual(await rows(`SELECT * FROM ${name} ORDER BY id`), [...two, { id: 3, name: "it's" }])
  })

  it('runs INSERT SELECT and reports the rows written', async () => {
    const name = await table()
    const query = `INSERT INTO ${name} SELECT number, 'x' FROM numbers(1000)`
    assert.equal((await client().command({ query })).summary?.written_rows, '1000')
  })
}
