/** One real PostgreSQL for all tests here, a schema of its own for each test, and writes as the runtime does them. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Batch,
  type DestinationRecord,
  type ObjectDefinition,
  objectsOf,
  type RecordResult,
  type WriteContext,
  writeBatch,
} from '@tributary/connector-sdk'
import { type TestWriteContext, testWriteContext } from '@tributary/connector-sdk/testing'
import destination, { type PostgresConfig } from '@tributary/destination-postgres'
import pg from 'pg'
import { type Postgres, startPostgres } from '../../../local/postgres/start.js'

export const PASSWORD = 'correct horse battery staple'
const READY_TIMEOUT_MS = 60_000

let server: Postgres | undefined
let directory: string
let admin: pg.Client
let schemas = 0
const contexts: TestWriteContext<PostgresConfig>[] = []

before(async function () {
  this.timeout(READY_TIMEOUT_MS)
  directory = await mkdtemp(join(tmpdir(), 'destination-postgres-'))
  server = await startPostgres({ dataDir: directory, password: PASSWORD, tls: true })
  admin = await openClient()
  await admin.query("SET timezone = 'UTC'")
})

afterEach(() => {
  for (const context of contexts.splice(0)) context.close()
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

export async function certificate(): Promise<string> {
  return readFile(server!.caFile!, 'utf8')
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

export type TableObject = ObjectDefinition<PostgresConfig>

export function open(
  config: PostgresConfig,
  overrides: Partial<Pick<WriteContext<PostgresConfig>, 'run' | 'activation' | 'signal'>> & {
    allowPrivateAddresses?: boolean
  } = {},
): TestWriteContext<PostgresConfig> {
  const context = testWriteContext(config, { spec: destination.spec, ...overrides })
  contexts.push(context)
  return context
}

export function discover(config: PostgresConfig): Promise<readonly TableObject[]> {
  return objectsOf(destination, open(config))
}

export async function objectOf(config: PostgresConfig, table: string): Promise<TableObject> {
  const objects = await discover(config)
  const found = objects.find(({ name }) => name.endsWith(`.${table}`))
  if (!found) throw new Error(`no object ${table} among ${objects.map(({ name }) => name).join(', ')}`)
  return found
}

export function batchOf(
  operation: Batch['operation'],
  records: readonly DestinationRecord[],
  index = 0,
  run = 'run-1',
): Batch {
  return { operation, records, index, idempotencyKey: `${run}-${index}` }
}

/** Writes a batch in a context of its own. */
export async function write(
  object: TableObject,
  config: PostgresConfig,
  batch: Batch,
  context = open(config),
): Promise<readonly RecordResult[]> {
  const result = await writeBatch(object, context, batch)
  if (!('results' in result)) throw new Error('a table has no jobs')
  return result.results
}

/** A record of a table that is keyed by `id`. */
export function row(id: number, fields: DestinationRecord['fields'] = {}): DestinationRecord {
  return { match: { id }, fields }
}
