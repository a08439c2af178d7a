/** ClickHouse reads back what was written, value by value. */
import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DestinationRecord, JsonObject } from '@tributary/connector-sdk'
import { testWriteContext } from '@tributary/connector-sdk/testing'
import destination from '@tributary/destination-files'
import { query } from 'chdb'

type Config = Parameters<typeof destination.check>[0]['config']

/** Texts that formats break on. */
const TEXTS = [
  'plain',
  '',
  ' blanks ',
  '"quoted" and \'single\'',
  'comma, semicolon; tab\tpipe|',
  'line\nline\r\nline\rline',
  '😀 عربي ünï \u2028',
  '\\N',
  'NULL',
  '=1+1',
  '0123',
  '\\',
  '\ufeffmark',
  'x'.repeat(1 << 20),
]

const RECORDS: readonly DestinationRecord[] = TEXTS.map((text, n) => ({
  match: { id: `p${String(n).padStart(2, '0')}` },
  fields: {
    text,
    maybe: n % 3 === 0 ? null : text,
    whole: n % 2 === 0 ? Number.MAX_SAFE_INTEGER - n : -n,
    big: '9223372036854775807',
    ratio: n / 4,
    yes: n % 2 === 0,
    day: `2024-02-${String(10 + n)}`,
    at: `2024-01-02T03:04:05.${String(n).padStart(6, '0')}Z`,
    tags: n % 4 === 0 ? [] : [text.slice(0, 20), 'ü'],
    numbers: [n, n + 1],
    object: { a: [text.slice(0, 20)], b: null },
  },
}))

const TYPES = { big: 'int64', day: 'date', at: 'timestamp(6)' } as const

const STRUCTURE = `id String, text String, maybe Nullable(String), whole Nullable(Int64), big Nullable(Int64), ratio Nullable(Float64),
  yes Nullable(Bool), day Nullable(Date32), at Nullable(DateTime64(6, 'UTC'))`
/** ClickHouse reads lists of CSV in a spelling of its own: there they are JSON. */
const TEXT_LISTS = `, tags Nullable(String), numbers Nullable(String), object Nullable(String)`
const LISTS = `, tags Array(Nullable(String)), numbers Array(Nullable(Int64)), object Nullable(String)`

const FORMATS = [
  ['csv', {}, 'CSVWithNames', STRUCTURE + TEXT_LISTS],
  [
    'csv',
    { csv: { null_text: '\\N', line_end: 'lf', quote: 'all' } },
    'CSVWithNames',
    STRUCTURE + TEXT_LISTS,
  ],
  ['csv', { compression: 'gzip', csv: { delimiter: ';' } }, 'CSVWithNames', STRUCTURE + TEXT_LISTS],
  ['ndjson', {}, 'JSONEachRow', STRUCTURE + LISTS],
  ['ndjson', { compression: 'gzip' }, 'JSONEachRow', STRUCTURE + LISTS],
  ['parquet', { parquet: { types: TYPES } }, 'Parquet', STRUCTURE + LISTS],
  ['parquet', { parquet: { types: TYPES } }, 'Parquet', undefined],
] as const

describe('files as ClickHouse reads them', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tributary-read-back-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  for (const [format, options, engineFormat, structure] of FORMATS)
    it(`${format} ${JSON.stringify(options)}${structure === undefined ? ' with the types of the file' : ''}`, async () => {
      const config: Config = { location: { folder }, format, ...options }
      await writeRun(config, RECORDS)
      const [name] = (await readdir(folder)).filter((entry) => !entry.startsWith('.'))
      const delimiter = 'csv' in options && 'delimiter' in options.csv ? options.csv.delimiter : ','
      const settings = {
        format_csv_delimiter: `'${delimiter}'`,
        // An empty text is written with quotes, no value without.
        input_format_csv_empty_as_default: 1,
        input_format_csv_trim_whitespaces: 0,
        input_format_json_read_objects_as_strings: 1,
        date_time_input_format: `'best_effort'`,
        output_format_json_quote_64bit_integers: 1,
        max_threads: 1,
      }
      const list = Object.entries(settings).map(([key, value]) => `${key} = ${value}`)
      const source = [join(folder, name!), engineFormat, ...(structure ? [structure] : [])]
      const quoted = source.map((text) => `'${text.replaceAll("'", "\\'")}'`)
      const text = query(
        `SELECT * FROM file(${quoted.join(', ')}) ORDER BY id FORMAT JSONEachRow SETTINGS ${list.join(', ')}`,
      )
      const rows = text
        .trim()
        .split('\n')
        .map((line) => readBack(JSON.parse(line) as JsonObject))
      const typed = structure !== undefined
      assert.deepEqual(
        rows,
        RECORDS.map((record) => expected(record, typed)),
      )
    }).timeout(60_000)
})

async function writeRun(config: Config, records: readonly DestinationRecord[]): Promise<void> {
  const context = testWriteContext<Config>(config, { spec: destination.spec })
  try {
    const { objects } = destination
    const [file] = typeof objects === 'function' ? await objects(context) : objects
    const operation = 'replace'
    for (const [index, some] of [records.slice(0, 5), records.slice(5)].entries())
      await file!.write(context, { operation, records: some, index, idempotencyKey: `plan-${index}` })
    const summary = { operation, batches: 2, records: records.length, idempotencyKey: 'plan-end' } as const
    await file!.finish?.(context, summary)
  } finally {
    context.close()
  }
}

/** Values as texts that two spellings of one value share; lists and objects as they are, or parsed where they are texts. */
function readBack(row: JsonObject): JsonObject {
  const parsed = (name: string): unknown =>
    typeof row[name] === 'string' ? JSON.parse(row[name] as string) : row[name]
  return {
    ...row,
    at: String(row.at),
    tags: parsed('tags'),
    numbers: (parsed('numbers') as unknown[]).map(Number),
    object: parsed('object'),
  } as JsonObject
}

/** @param asText objects are read as texts; ClickHouse's own type for them leaves nulls out */
function expected({ match, fields }: DestinationRecord, asText: boolean): JsonObject {
  const { a } = fields.object as JsonObject
  return {
    ...match,
    ...fields,
    object: asText ? { a, b: null } : { a },
    whole: String(fields.whole),
    at: String(fields.at).replace('T', ' ').replace('Z', ''),
  }
}
