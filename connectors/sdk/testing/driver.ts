/** What the tests of the suite share: the configured source, its streams, its reference records, and all that it said. */
import assert from 'node:assert/strict'
import { secretValues } from '../config/secrets.js'
import { validateConfig } from '../config/validate.js'
import type { SourceDefinition, SourceRecord, StreamDefinition } from '../contract.js'
import { discover } from '../discover.js'
import { isConnectorError } from '../errors.js'
import type { JsonObject, JsonSchema } from '../json.js'
import { type Collected, collect } from './collect.js'
import { type TestContext, type TestContextOverrides, testContext } from './context.js'
import type { FaultRequest, FaultServer } from './fault-server.js'

type OrPromise<T> = T | Promise<T>

export interface SourceSuiteOptions<Config> {
  /** Starts the vendor's stand-in; the suite closes it. Without it (databases, files) the tests that need it are left out. */
  readonly server?: () => Promise<FaultServer>
  /** A config that works, as a person writes it. Its streams should hold a few pages of a few records. */
  readonly config: (server: FaultServer) => OrPromise<Partial<Config>>
  /** A config that is valid but wrong (a false password, no such host): `check` must refuse it fast. */
  readonly badConfig?: (server: FaultServer) => OrPromise<Partial<Config>>
  /** `import.meta.url` of the test: then its package's manifest, spec.json and README are tested too. */
  readonly packageOf?: string
  /** Names of the streams to read. @default all that are discovered */
  readonly streams?: readonly string[]
  /** Makes every stream empty: by a fault of the server, or by a config of its own that is returned. */
  readonly empty?: (server: FaultServer) => OrPromise<Partial<Config> | undefined>
  /** A stream that is long, to see that memory does not grow with it; `prepare` may fault the server. */
  readonly long?: {
    readonly stream: string
    /** At least so many records must come; 100,000 or more say something. */
    readonly records: number
    readonly prepare?: (server: FaultServer) => OrPromise<Partial<Config> | undefined>
    /** @default 67108864 (64 MiB) */
    readonly maxGrowthBytes?: number
  }
  /** A state that the source no longer knows; reading from it must throw CursorLost. */
  readonly lostCursor?: { readonly stream: string; readonly state: JsonObject }
  /** Configs of earlier versions, which must stay valid. */
  readonly earlierConfigs?: readonly unknown[]
  /** Which requests list records, so that faults hit them. @default GETs; every request when none is a GET */
  readonly isListing?: (request: FaultRequest) => boolean
  /** False: records may have fields that the schema does not name. @default true */
  readonly strictSchema?: boolean
  /** False: the source cannot read a window, so backfills are not tested. @default true */
  readonly backfill?: boolean
  /** Time that a check of a bad config may take, milliseconds. @default 10000 */
  readonly checkWithinMs?: number
}

export interface Driver<Config> {
  readonly source: SourceDefinition<Config>
  readonly options: SourceSuiteOptions<Config>
  server(): FaultServer
  config(): Config
  /** A context whose end the suite takes care of. */
  open(overrides?: TestContextOverrides<Config>, config?: Config): TestContext<Config>
  /** The streams under test. */
  streams(): readonly StreamDefinition<Config>[]
  /** Runs a test for each stream and says which one failed. */
  each(test: (stream: StreamDefinition<Config>) => Promise<void>): Promise<void>
  /** Reads a stream with a context of its own. */
  read(
    stream: StreamDefinition<Config>,
    overrides?: TestContextOverrides<Config>,
    config?: Config,
  ): Promise<Collected>
  /** A full refresh without faults, read once. */
  reference(stream: StreamDefinition<Config>): Promise<Collected>
  /** Everything said so far: logs, errors, states. */
  readonly said: string[]
  start(): Promise<void>
  afterEach(): void
  stop(): Promise<void>
}

export function createDriver<Config>(
  source: SourceDefinition<Config>,
  options: SourceSuiteOptions<Config>,
): Driver<Config> {
  const said: string[] = []
  const opened: TestContext<Config>[] = []
  const references = new Map<string, Promise<Collected>>()
  let server: FaultServer | undefined
  let config: Config | undefined
  let streams: readonly StreamDefinition<Config>[] = []

  const driver: Driver<Config> = {
    source,
    options,
    said,
    server() {
      assert.ok(server, 'this test needs the server option')
      return server
    },
    config() {
      assert.ok(config !== undefined)
      return config
    },
    open(overrides = {}, own = driver.config()) {
      const context = testContext<Config>(own, {
        spec: source.spec,
        onLog: (line) => said.push(JSON.stringify(line)),
        ...overrides,
      })
      opened.push(context)
      return context
    },
    streams: () => streams,
    async each(test) {
      for (const stream of streams) {
        try {
          await test(stream)
        } catch (error) {
          if (error instanceof Error) error.message = `${stream.name}: ${error.message}`
          throw error
        }
      }
    },
    async read(stream, overrides = {}, own) {
      const context = driver.open(overrides, own)
      try {
        const collected = await collect(stream, context)
        said.push(...collected.checkpoints.map((checkpoint) => JSON.stringify(checkpoint)))
        return collected
      } catch (error) {
        said.push(describeThrown(error))
        throw error
      } finally {
        context.close()
      }
    },
    reference(stream) {
      const known = references.get(stream.name) ?? driver.read(stream)
      references.set(stream.name, known)
      return known
    },
    async start() {
      server = await options.server?.()
      config = validateConfig<Config>(source.spec, await options.config(server as FaultServer))
      const discovered = await discover(source, driver.open())
      streams = options.streams
        ? discovered.filter(({ name }) => options.streams?.includes(name))
        : discovered
      assert.ok(streams.length > 0, 'there is no stream to test')
    },
    afterEach() {
      server?.reset()
      for (const context of opened.splice(0)) context.close()
    },
    async stop() {
      driver.afterEach()
      await server?.close()
    },
  }
  return driver
}

/** The secrets of a config that are long enough to be looked for. */
export function configSecrets(spec: JsonSchema, config: unknown): string[] {
  return secretValues(spec, config).filter((secret) => secret.length >= 4)
}

/** Fails when one of the secrets is in what was said, as it is or encoded. */
export function assertNoSecret(secrets: readonly string[], said: readonly string[]): void {
  const forms = secrets.flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
  ])
  const shown = said.find((text) => forms.some((form) => text.includes(form)))
  assert.ok(shown === undefined, `a secret of the config is shown (${shown?.length} characters of output)`)
}

/** An error as far as anybody may see it. */
export function describeThrown(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const fields = isConnectorError(error) ? [error.kind, error.code, error.requestId, error.docsUrl] : []
  return JSON.stringify([
    error.message,
    error.stack,
    ...fields,
    error.cause === undefined ? null : describeThrown(error.cause),
  ])
}

/** Records as a sorted list of texts: equal for equal records in any order. */
export function sortedRecords(records: readonly SourceRecord[]): string[] {
  return records.map((record) => JSON.stringify(sortKeys(record))).sort()
}

/** The last record of each key, sorted: what a deduplicating table holds. */
export function latestByKey(records: readonly SourceRecord[], key: readonly string[]): string[] {
  const latest = new Map(records.map((record) => [JSON.stringify(key.map((name) => record[name])), record]))
  return sortedRecords([...latest.values()])
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, member]) => member !== undefined)
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, member]) => [key, sortKeys(member)]),
  )
}
