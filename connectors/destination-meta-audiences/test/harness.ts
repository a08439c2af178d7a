/** A running stand-in with the destination configured for it, for the tests. */
import { createHash } from 'node:crypto'
import {
  type Batch,
  type DestinationRecord,
  isConnectorError,
  type ObjectDefinition,
  objectsOf,
  prepareField,
  type RecordResult,
  validateConfig,
  writeBatch,
} from '@tributary/connector-sdk'
import { type TestWriteContext, testWriteContext } from '@tributary/connector-sdk/testing'
import destination, { type MetaAudiencesConfig } from '../index.js'
import { createMetaServer, type MetaServer } from './meta-server.js'

export const TOKEN = 'EAAtoken-of-the-system-user'
export const APP_SECRET = 'a-secret-of-the-app'
export const ACCOUNT = '1234567890'
export const AUDIENCE = '23851000000000001'

export interface Harness {
  server(): MetaServer
  open(config?: Partial<MetaAudiencesConfig>, run?: string): TestWriteContext<MetaAudiencesConfig>
  object(config?: Partial<MetaAudiencesConfig>): Promise<ObjectDefinition<MetaAudiencesConfig>>
  /** Writes a batch to the audience, in a context of its own. */
  write(batch: Partial<Batch>, options?: WriteOptions): Promise<readonly RecordResult[]>
  finish(batches: number, options?: WriteOptions): Promise<void>
  /** Everything that was logged. */
  readonly logged: string[]
}

export interface WriteOptions {
  readonly config?: Partial<MetaAudiencesConfig>
  readonly run?: string
}

/** Registers the hooks that start, clear and stop it. */
export function useHarness(): Harness {
  let meta: MetaServer
  const opened: TestWriteContext<MetaAudiencesConfig>[] = []
  const logged: string[] = []
  before(async () => {
    meta = await createMetaServer({ token: TOKEN, account: ACCOUNT, appSecret: APP_SECRET })
  })
  beforeEach(() => {
    logged.length = 0
    meta.audiences.clear()
    meta.addAudience(AUDIENCE, { name: 'Lapsed customers' })
    meta.aheadMs = 0
    meta.termsAccepted = true
  })
  afterEach(() => {
    meta.reset()
    for (const context of opened.splice(0)) context.close()
  })
  after(() => meta.close())

  const harness: Harness = {
    logged,
    server: () => meta,
    open(config = {}, run = 'run-1') {
      const full = validateConfig<MetaAudiencesConfig>(destination.spec, { ...configOf(meta), ...config })
      const context = testWriteContext<MetaAudiencesConfig>(full, {
        spec: destination.spec,
        run,
        onLog: (line) => logged.push(JSON.stringify(line)),
      })
      opened.push(context)
      return context
    },
    async object(config) {
      const objects = await objectsOf(destination, harness.open(config))
      return objects.find(({ name }) => name === AUDIENCE)!
    },
    async write(batch, { config, run } = {}) {
      const object = await harness.object(config)
      const full: Batch = {
        operation: 'upsert',
        records: [person(0)],
        index: 0,
        idempotencyKey: `plan-${batch.index ?? 0}`,
        ...batch,
      }
      const result = await writeBatch(object, harness.open(config, run), full)
      return 'results' in result ? result.results : []
    },
    async finish(batches, { config, run } = {}) {
      const object = await harness.object(config)
      await object.finish!(harness.open(config, run), {
        operation: 'replace',
        batches,
        records: batches,
        idempotencyKey: 'plan-end',
      })
    },
  }
  return harness
}

export const configOf = (meta: MetaServer): MetaAudiencesConfig => ({
  access_token: TOKEN,
  app_secret: APP_SECRET,
  ad_account_id: ACCOUNT,
  base_url: meta.url,
})

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** The n-th person as plans hold one: normalised and hashed. */
export const person = (n: number, fields: DestinationRecord['fields'] = {}): DestinationRecord => ({
  match: { email: sha256(`person${n}@example.com`) },
  fields,
})

/** What the stand-in knows of that person by the address alone. */
export const row = (n: number): Record<string, string> => ({ EMAIL: sha256(`person${n}@example.com`) })

/** A field's value as a plan makes it of what a profile holds. */
export function prepared(
  object: ObjectDefinition<MetaAudiencesConfig>,
  field: string,
  value: string,
): string | null {
  const result = prepareField(object.fields[field]!, field, value)
  return 'value' in result ? (result.value as string | null) : result.reason
}

/** What an error says of itself, for comparison as a whole. */
export async function thrown(work: Promise<unknown>): Promise<Record<string, unknown>> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!isConnectorError(error)) throw error ?? new Error('nothing was thrown')
  const { kind, code, message, until, requestId } = error
  return { kind, code, message, until, requestId }
}
