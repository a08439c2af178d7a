/** One real PostgreSQL for all tests here, a schema of its own for each test, and reads as the runtime does them. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Block,
  type ConnectorContext,
  type ConnectorContextOptions,
  createConnectorContext,
  type ReadContext,
  type StreamDefinition,
  type StreamMessage,
} from '@tributary/connector-sdk'
import { type Limits, type PostgresConfig, postgresSource } from '@tributary/source-postgres'
import pg from 'pg'
import { type Postgres, startPostgres } from '../../../local/postgres/start.js'

export const PASSWORD = 'correct horse battery staple'
const READY_TIMEOUT_MS = 60_000

let server: Postgres | undefined
let directory: string
let admin: pg.Client
let schemas = 0

before(async function () {
  this.timeout(READY_TIMEOUT_MS)
  directory = await mkdtemp(join(tmpdir(), 'source-postgres-'))
  server = await startPostgres({
    dataDir: directory,
    password: PASSWORD,
    tls: true,
    settings: { max_connections: 60 },
  })
  admin = await openClient()
  await admin.query("SET timezone = 'UTC'")
})

after(async () => {
  await admin?.end()
  await server?.stop()
  await rm(directory, { recursive: true, force: true })
})

export async function openClient(options: pg.ClientConfig = {}): Promise<pg.Client> {
  const { host, port, user, password, database } = server!
  const client = new pg.Client({ host, port, user, password, database, ...options })
  client.on('error', () => undefined)
  await client.connect()
  return client
}

/** Runs statements as the superuser; rows as arrays of texts. */
export async function sql(text: string, values?: unknown[]): Promise<(string | null)[][]> {
  const types = { getTypeParser: () => (value: string | Buffer) => value }
  const result = await admin.query({ text, rowMode: 'array', types, ...(values && { values }) })
  return (Array.isArray(result) ? result.at(-1) : result).rows
}

/** Makes a schema for one test. */
export async function freshSchema(): Promise<string> {
  const name = `s${++schemas}_${process.pid}`
  await sql(`CREATE SCHEMA ${name}`)
  return name
}

export function configOf(
  schema: string | undefined,
  overrides: Partial<PostgresConfig> = {},
): PostgresConfig {
  const { host, port, user, password, database } = server!
  return {
    host,
    port,
    user,
    password,
    database,
    ...(schema !== undefined && { schemas: [schema] }),
    ...overrides,
  }
}

export async function certificate(): Promise<string> {
  return readFile(server!.caFile!, 'utf8')
}

/** Small enough that a few hundred rows cross every boundary. */
export const SMALL: Limits = { block: { rows: 10, bytes: 1 << 20 }, slice: { rows: 25, bytes: 1 << 20 } }

/** What the runtime gives, with private addresses allowed: the server of these tests is on this machine. */
export function baseContext(
  config: PostgresConfig,
  options: Partial<Pick<ConnectorContextOptions<PostgresConfig>, 'signal' | 'allowPrivateAddresses'>> = {},
): ConnectorContext<PostgresConfig> {
  const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined }
  return createConnectorContext({
    config,
    signal: new AbortController().signal,
    log: silent,
    secrets: { get: async () => undefined, update: async () => undefined },
    allowPrivateAddresses: true,
    workspaceDirectory: tmpdir(),
    scratchDirectory: tmpdir(),
    ...options,
  })
}

export type Stream = StreamDefinition<PostgresConfig>

export async function discover(config: PostgresConfig, limits?: Limits): Promise<readonly Stream[]> {
  const { streams } = postgresSource(limits)
  return typeof streams === 'function' ? streams(baseContext(config)) : streams
}

export async function streamOf(config: PostgresConfig, name: string, limits?: Limits): Promise<Stream> {
  const streams = await discover(config, limits)
  const found = streams.find((stream) => stream.name === name || stream.name.endsWith(`.${name}`))
  if (!found) throw new Error(`no stream ${name} among ${streams.map((stream) => stream.name).join(', ')}`)
  return found
}

export type Overrides = Partial<ReadContext<PostgresConfig>>

export function readContext(
  stream: Stream,
  config: PostgresConfig,
  overrides: Overrides = {},
): ReadContext<PostgresConfig> {
  return {
    ...baseContext(config, overrides.signal && { signal: overrides.signal }),
    syncMode: 'full_refresh',
    destinationSyncMode: 'overwrite',
    primaryKey: stream.primaryKey ?? [],
    lookbackMs: 0,
    fields: Object.keys(stream.schema.properties),
    path: 'blocks',
    openBlocks: true,
    ...overrides,
  }
}

export interface ReadResult {
  readonly rows: Record<string, string | null>[]
  readonly checkpoints: Extract<StreamMessage, { type: 'checkpoint' }>[]
  /** Rows that had been given when each checkpoint came. */
  readonly rowsAt: number[]
}

/** Reads to the end, or to the given number of checkpoints and then ends the generator. */
export async function read(
  stream: Stream,
  config: PostgresConfig,
  overrides: Overrides = {},
  checkpointLimit = Number.POSITIVE_INFINITY,
): Promise<ReadResult> {
  const result: ReadResult = { rows: [], checkpoints: [], rowsAt: [] }
  for await (const message of stream.read(readContext(stream, config, overrides))) {
    if (message.type === 'checkpoint') {
      result.checkpoints.push(message)
      result.rowsAt.push(result.rows.length)
      if (result.checkpoints.length >= checkpointLimit) break
    } else if (message.type === 'block') {
      result.rows.push(...(await parseBlock(message)))
    }
  }
  return result
}

/** An own reader of TabSeparated, so that the connector's is not tested by itself. */
export async function parseBlock(
  message: Extract<StreamMessage, { type: 'block' }>,
): Promise<Record<string, string | null>[]> {
  const { columns } = message.block
  const { bytes, rows } = await takeBlock(message.block)
  const text = bytes.toString('utf8')
  const lines = text.split('\n')
  if (lines.pop() !== '') throw new Error('a block does not end at a row end')
  if (lines.length !== rows) throw new Error(`a block of ${lines.length} rows says ${rows}`)
  return lines.map((line) => {
    const values = line.split('\t')
    if (values.length !== columns.length)
      throw new Error(`${values.length} values for ${columns.length} columns`)
    return Object.fromEntries(columns.map((column, index) => [column, parseValue(values[index]!)]))
  })
}

async function takeBlock({ body, rows }: Block): Promise<{ bytes: Buffer; rows: number | undefined }> {
  if (body.kind === 'bytes') return { bytes: Buffer.concat([body.bytes].flat() as Uint8Array[]), rows }
  if (body.kind !== 'open') throw new Error('not bytes')
  const chunks: Uint8Array[] = []
  for (;;) {
    const { done, value } = await body.chunks.next()
    if (done) return { bytes: Buffer.concat(chunks), rows: value }
    chunks.push(value)
  }
}

function parseValue(raw: string): string | null {
  if (raw === '\\N') return null
  if (!raw.includes('\\')) return raw
  let text = ''
  for (let at = 0; at < raw.length; at++) {
    if (raw[at] !== '\\') text += raw[at]
    else
      text +=
        { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\\': '\\' }[raw[++at]!] ?? `BAD:${raw[at]}`
  }
  return text
}

/** Backends of the connector that still work or hold a transaction. */
export async function busyBackends(applicationName: string): Promise<number> {
  const [[count] = []] = await sql(
    "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1 AND state <> 'idle'",
    [applicationName],
  )
  return Number(count)
}

/** Resolves when the server has noticed that the connector's connections are closed, a moment after they are. */
export async function noBackends(applicationName: string): Promise<void> {
  const query = 'SELECT count(*) FROM pg_stat_activity WHERE application_name = $1'
  while ((await sql(query, [applicationName]))[0]?.[0] !== '0') await new Promise(setImmediate)
}
