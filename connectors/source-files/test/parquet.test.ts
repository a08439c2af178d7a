/** Parquet files as the engine writes them: what their footers say, and rows with values at the edges of their types. */
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StreamDefinition, StreamMessage } from '@tributary/connector-sdk'
import { testContext } from '@tributary/connector-sdk/testing'
import source from '@tributary/source-files'
import { query } from 'chdb'

type Config = Parameters<typeof source.check>[0]['config']

const COLUMNS: readonly [name: string, sql: string, exact: string, value: unknown][] = [
  ['i8', 'toInt8(-128)', 'int8', -128],
  ['i64', 'toInt64(-9223372036854775808)', 'int64', '-9223372036854775808'],
  ['u32', 'toUInt32(4294967295)', 'uint32', 4294967295],
  ['u64', 'toUInt64(18446744073709551615)', 'uint64', '18446744073709551615'],
  ['f32', 'toFloat32(0.5)', 'float32', 0.5],
  ['f64', 'toFloat64(-1.25)', 'float64', -1.25],
  ['money', "toDecimal64('12.30', 2)", 'decimal(18,2)', '12.30'],
  ['small', "toDecimal128('0.00000001', 8)", 'decimal(38,8)', '0.00000001'],
  [
    'large',
    "toDecimal128('123456789012345678901234567890.12345678', 8)",
    'decimal(38,8)',
    '123456789012345678901234567890.12345678',
  ],
  ['debt', "toDecimal128('-0.05', 2)", 'decimal(38,2)', '-0.05'],
  ['small_money', "toDecimal32('-1.5', 2)", 'decimal(9,2)', '-1.50'],
  ['day', "toDate32('1969-12-31')", 'date', '1969-12-31'],
  ['ms', "toDateTime64('1969-12-31 23:59:59.999', 3, 'UTC')", 'timestamp(3)', '1969-12-31 23:59:59.999'],
  [
    'us',
    "toDateTime64('2024-01-02 03:04:05.123456', 6, 'UTC')",
    'timestamp(6)',
    '2024-01-02 03:04:05.123456',
  ],
  [
    'ns',
    "toDateTime64('2024-01-02 03:04:05.123456789', 9, 'UTC')",
    'timestamp(9)',
    '2024-01-02 03:04:05.123456789',
  ],
  ['text', "'zoë'", 'string', 'zoë'],
  ['uuid', "toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')", 'uuid', '61f0c404-5cb3-11e7-907b-a6006ad3dba0'],
  ['raw', "toFixedString('abc', 3)", 'bytes', '616263'],
  ['flag', 'true', 'bool', true],
  ['tuple', "CAST(tuple(1, 'x') AS Tuple(a Int32, b String))", 'json', { a: 1, b: 'x' }],
]

describe('Parquet files', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tributary-parquet-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  const path = (): string => join(folder, 't.parquet')
  const write = (select: string, settings = ''): unknown =>
    query(`INSERT INTO FUNCTION file('${path()}', 'Parquet') ${select} ${settings}`)
  const open = async (
    way: 'blocks' | 'rows',
  ): Promise<{ stream: StreamDefinition<Config>; messages: StreamMessage[] }> => {
    const config: Config = { location: { folder } }
    const finding = testContext<Config>(config)
    const [stream] = typeof source.streams === 'function' ? await source.streams(finding) : []
    const context = testContext<Config>(config, { path: way, fields: Object.keys(stream!.schema.properties) })
    const messages: StreamMessage[] = []
    try {
      for await (const message of stream!.read(context)) messages.push(message)
    } finally {
      finding.close()
      context.close()
    }
    return { stream: stream!, messages }
  }
  const recordsOf = (messages: readonly StreamMessage[]): unknown[] =>
    messages.flatMap((message) => (message.type === 'records' ? message.records : []))

  it('have the exact types of their footers, and exact values', async () => {
    write(`SELECT ${COLUMNS.map(([name, sql]) => `${sql} AS ${name}`).join(', ')}`)
    const { stream, messages } = await open('rows')
    const types = Object.entries(stream.schema.properties).map(([name, field]) => [name, field['x-type']])
    assert.deepEqual(
      types,
      COLUMNS.map(([name, , exact]) => [name, exact]),
    )
    assert.deepEqual(recordsOf(messages), [
      Object.fromEntries(COLUMNS.map(([name, , , value]) => [name, value])),
    ])
  })

  it('are read by rows where they hold structures, since their text differs from reader to reader', async () => {
    write("SELECT 1 AS id, map('a', 1) AS m, [tuple(1, 'x')] AS list")
    const { messages } = await open('blocks')
    assert.deepEqual(
      messages.map(({ type }) => type),
      ['records', 'checkpoint', 'checkpoint'],
    )
  })

  for (const codec of ['none', 'snappy', 'gzip', 'zstd', 'brotli', 'lz4'])
    it(`are read with ${codec}, over many row groups, and passed on with their count`, async () => {
      write(
        'SELECT toInt64(number) AS id, toString(number % 10) AS digit FROM numbers(25000)',
        `SETTINGS output_format_parquet_compression_method = '${codec}', output_format_parquet_row_group_size = 7000, max_threads = 1`,
      )
      const rows = recordsOf((await open('rows')).messages) as { id: number; digit: string }[]
      assert.equal(rows.length, 25_000)
      assert.ok(rows.every(({ id, digit }, index) => id === index && digit === String(index % 10)))
      const { messages } = await open('blocks')
      const [first] = messages
      assert.ok(first?.type === 'block')
      assert.deepEqual(
        [first.block.format, first.block.rows, first.block.columns],
        ['Parquet', 25_000, ['id', 'digit']],
      )
    })

  it('leave a stream without a readable file when they are cut off', async () => {
    write('SELECT number AS id FROM numbers(1000)')
    await writeFile(path(), (await readFile(path())).subarray(0, 500))
    await assert.rejects(open('rows'), { kind: 'SchemaIncompatible' })
  })
})
