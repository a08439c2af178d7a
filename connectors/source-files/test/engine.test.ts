/** What the warehouse reads from a block is what the row path reads, and what the engine wrote into the file. */
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Block, StreamDefinition, StreamMessage } from '@tributary/connector-sdk'
import { createFaultServer, type FaultServer, testContext } from '@tributary/connector-sdk/testing'
import source from '@tributary/source-files'
import { query } from 'chdb'

type Config = Parameters<typeof source.check>[0]['config']
type Stream = StreamDefinition<Config>

const ROWS = 5000
const SCALARS = `
  toInt64(number) AS id,
  concat('zoë "', toString(number), '",', if(number % 7 = 0, '\\n', ' '), '5" pipe') AS name,
  CAST(number / 4 AS Decimal(18, 2)) AS total,
  number / 3 AS ratio,
  toDate32('2024-01-01') + toIntervalDay(number) AS day,
  toDateTime64('2024-01-01 10:00:00.250', 3, 'UTC') + toIntervalSecond(number) AS at,
  CAST(number % 2 = 0 AS Bool) AS ok,
  CAST(if(number % 3 = 0, NULL, number * 1000000007) AS Nullable(Int64)) AS maybe,
  concat('0', toString(number)) AS code`
const NESTED = `${SCALARS}, [number, number + 1] AS list`

const FORMATS = [
  ['csv', 'CSVWithNames', SCALARS],
  ['ndjson', 'JSONEachRow', NESTED],
  ['json', 'JSONEachRow', NESTED],
  ['parquet', 'Parquet', NESTED],
] as const
const COMPRESSIONS = ['', '.gz', '.zst'] as const

function messages(
  stream: Stream,
  config: Config,
  path: 'blocks' | 'rows',
  take: (message: StreamMessage) => void,
) {
  const context = testContext<Config>(config, { path, fields: Object.keys(stream.schema.properties) })
  return (async () => {
    for await (const message of stream.read(context)) take(message)
  })().finally(() => context.close())
}

async function streamOf(config: Config): Promise<Stream> {
  const context = testContext<Config>(config)
  try {
    if (typeof source.streams !== 'function') throw new Error('discovering: the source has fixed streams')
    const [stream] = await source.streams(context)
    return stream!
  } finally {
    context.close()
  }
}

/** Every value as text that two spellings of the same value share. */
function normalized(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).map(([field, value]) => {
      if (field === 'total' || field === 'ratio') return [field, Number(value).toFixed(9)]
      if (field === 'at') return [field, String(value).replace('T', ' ').replace('Z', '')]
      if (field === 'ok') return [field, Boolean(value)]
      if (field === 'list') return [field, (value as unknown[]).map(String)]
      return [field, value === null ? null : String(value)]
    }),
  )
}

describe('blocks and rows of files', () => {
  let folder: string
  let server: FaultServer
  const jsonRows = (sql: string): Record<string, unknown>[] =>
    query(`${sql} FORMAT JSONEachRow SETTINGS output_format_json_quote_64bit_integers = 1`)
      .trim()
      .split('\n')
      .map((line) => normalized(JSON.parse(line)))

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tributary-engine-'))
    server = await createFaultServer({
      '/*': async (request) => {
        const body = await readFile(join(folder, request.path.slice(1)))
        const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
        if (range === null) return { headers: { etag: '"1"' }, body }
        const end = range[2] ? Number(range[2]) + 1 : body.length
        const headers = { etag: '"1"', 'content-range': `bytes ${range[1]}-${end - 1}/${body.length}` }
        return { status: 206, headers, body: body.subarray(Number(range[1]), end) }
      },
    })
  })
  after(async () => {
    await server.close()
    await rm(folder, { recursive: true })
  })

  for (const [extension, format, columns] of FORMATS) {
    for (const compression of extension === 'parquet' ? [''] : COMPRESSIONS) {
      const file = `t.${extension}${compression}`
      it(`agree on ${file}, from a folder and from the web`, async () => {
        const path = join(folder, file)
        const array = extension === 'json' ? 'SETTINGS output_format_json_array_of_rows = 1' : ''
        query(
          `INSERT INTO FUNCTION file('${path}', '${format}') SELECT ${columns} FROM numbers(${ROWS}) ${array}`,
        )
        const expected = jsonRows(`SELECT ${columns} FROM numbers(${ROWS})`)
        const streams = [{ name: 't', glob: `**/${file}` }]
        for (const config of [
          { location: { folder }, streams },
          { location: { url: `${server.url}/${file}` }, streams },
        ]) {
          const stream = await streamOf(config)
          const records: Record<string, unknown>[] = []
          await messages(stream, config, 'rows', (message) => {
            assert.notEqual(message.type, 'rejects')
            if (message.type === 'records') records.push(...message.records.map(normalized))
          })
          assert.deepEqual(records, expected)

          const blocks: Record<string, unknown>[] = []
          const context = testContext<Config>(config, { fields: Object.keys(stream.schema.properties) })
          try {
            for await (const message of stream.read(context))
              if (message.type === 'block') blocks.push(...(await engineRows(message.block, stream)))
          } finally {
            context.close()
          }
          assert.deepEqual(blocks, expected)
        }
      }).timeout(60_000)
    }
  }

  /** The rows that the engine reads from a block into columns of the stream's types. */
  async function engineRows(block: Block, stream: Stream): Promise<Record<string, unknown>[]> {
    let path = join(folder, 'block')
    let compression = 'none'
    if (block.body.kind === 'file') {
      path = block.body.path
      compression = { gzip: 'gz', zstd: 'zst', none: 'none' }[block.body.compression ?? 'none']
    } else if (block.body.kind === 'bytes') {
      await writeFile(path, Buffer.concat([block.body.bytes].flat() as Uint8Array[]))
    }
    const structure = Object.entries(stream.schema.properties)
      .map(([field, schema]) => `\`${field}\` ${clickHouseType(schema)}`)
      .join(', ')
    const settings: Record<string, string | number> = {
      output_format_json_quote_64bit_integers: 1,
      ...block.settings,
    }
    const list = Object.entries(settings).map(
      ([name, value]) =>
        `${name} = ${typeof value === 'number' ? value : `'${value.replace('\\', '\\\\')}'`}`,
    )
    const text = query(
      `SELECT * FROM file('${path}', '${block.format}', '${structure.replaceAll("'", "\\'")}', '${compression}')
       FORMAT JSONEachRow SETTINGS max_threads = 1, ${list.join(', ')}`,
    )
    return text
      .trim()
      .split('\n')
      .map((line) => normalized(JSON.parse(line)))
  }
})

const SIMPLE_TYPES: Readonly<Record<string, string>> = { bool: 'Bool', date: 'Date32', float64: 'Float64' }

function clickHouseType(schema: Stream['schema']['properties'][string]): string {
  if (schema.items !== undefined) return 'Array(Int64)'
  const exact: string = schema['x-type'] ?? ''
  const decimal = /^decimal\((.*)\)$/.exec(exact)
  const time = /^timestamp\((\d)\)$/.exec(exact)
  const integer = /^(u?)int(\d+)$/.exec(exact)
  const type = decimal
    ? `Decimal(${decimal[1]})`
    : time
      ? `DateTime64(${time[1]}, 'UTC')`
      : integer
        ? `${integer[1] === 'u' ? 'UInt' : 'Int'}${integer[2]}`
        : SIMPLE_TYPES[exact]
  return `Nullable(${type ?? 'String'})`
}
