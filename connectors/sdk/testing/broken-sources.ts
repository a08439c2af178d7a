/** Sources with one fault each, which the suite must find: the suite's own test. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { bearerAuth } from '../auth/static.js'
import {
  checkpoint,
  defineSource,
  defineStream,
  type ReadContext,
  records,
  type SourceDefinition,
  type SourceRecord,
  type StreamDefinition,
  type StreamMessage,
} from '../contract.js'
import { orderedCursor } from '../cursor/ordered-cursor.js'
import { ConnectorError } from '../errors.js'
import type { HttpClient } from '../http/client.js'
import type { JsonSchema } from '../json.js'
import { cursorPaging } from '../paging/cursor.js'
import { describeSource } from './describe-source.js'
import type { SourceSuiteOptions } from './driver.js'
import { createFaultServer, type FaultServer } from './fault-server.js'

interface Config {
  base_url: string
  access_token: string
}

type Item = SourceRecord & { readonly id: number; readonly updated_at: string }

const TOKEN = 'the-secret-token-of-the-suite'
const PAGE = 4

const ITEMS: readonly Item[] = Array.from({ length: 13 }, (_, index) => ({
  id: index + 1,
  name: `Item ${index + 1}`,
  updated_at: new Date(Date.UTC(2026, 0, 1, 0, 0, Math.floor(index / 3))).toISOString(),
}))

const spec: JsonSchema = {
  type: 'object',
  required: ['base_url', 'access_token'],
  properties: {
    base_url: { type: 'string', format: 'uri', title: 'Address', description: 'Where it is.', 'x-order': 1 },
    access_token: { type: 'string', title: 'Token', description: 'A token.', writeOnly: true, 'x-order': 2 },
  },
}

function startServer(): Promise<FaultServer> {
  return createFaultServer({
    '/items': ({ query, headers }) => {
      if (headers.authorization !== `Bearer ${TOKEN}`) return { status: 401, body: {} }
      const found = ITEMS.filter(({ updated_at }) => updated_at >= (query.get('since') ?? ''))
      const start = Number(query.get('cursor') ?? 0)
      const next = start + PAGE < found.length ? String(start + PAGE) : null
      return { body: { data: found.slice(start, start + PAGE), next } }
    },
  })
}

const open = ({ http, config }: Pick<ReadContext<Config>, 'http' | 'config'>): HttpClient =>
  http({ baseUrl: config.base_url, auth: bearerAuth(config.access_token) })

async function* pages(
  context: ReadContext<Config>,
  since?: string | number,
): AsyncGenerator<readonly Item[]> {
  const listing = { query: { since }, paging: cursorPaging('next'), itemsPath: 'data' }
  for await (const { items } of open(context).pages<Item>('/items', listing)) yield items
}

async function* goodRead(context: ReadContext<Config>): AsyncGenerator<StreamMessage> {
  const cursor = orderedCursor(context, 'updated_at')
  for await (const items of pages(context, cursor.since)) {
    yield records(cursor.fresh(items))
    yield* cursor.checkpoint()
    if (cursor.ended) return
  }
}

const items: StreamDefinition<Config> = defineStream<Config>({
  name: 'items',
  schema: {
    type: 'object',
    required: ['id', 'updated_at'],
    properties: {
      id: { type: 'integer' },
      name: { type: 'string' },
      updated_at: { type: 'string', format: 'date-time' },
    },
  },
  primaryKey: ['id'],
  cursor: { field: 'updated_at' },
  read: goodRead,
})

const good: SourceDefinition<Config> = defineSource<Config>({
  spec,
  check: async (context) => void (await open(context).get('/items')),
  streams: [items],
})

const withStream = (change: Partial<StreamDefinition<Config>>): SourceDefinition<Config> => ({
  ...good,
  streams: [{ ...items, ...change }],
})

const withRead = (
  read: (context: ReadContext<Config>) => AsyncIterable<StreamMessage>,
): SourceDefinition<Config> => withStream({ read })

const properties = spec.properties as Record<string, JsonSchema>
const withProperty = (name: string, property: JsonSchema): SourceDefinition<Config> => ({
  ...good,
  spec: { ...spec, properties: { ...properties, [name]: property } },
})

/** Changes the records on their way. */
const withRecords = (change: (items: readonly Item[]) => SourceRecord[]): SourceDefinition<Config> =>
  withRead(async function* (context) {
    for await (const message of goodRead(context)) {
      yield message.type === 'records' ? records(change(message.records as Item[])) : message
    }
  })

/** Variant → the source, and a part of the name of a test that must fail. `none`: all must pass. */
export const VARIANTS: Readonly<Record<string, readonly [SourceDefinition<Config>, string | null]>> = {
  none: [good, null],
  'undocumented property': [
    withProperty('extra', { type: 'string', title: 'Extra' }),
    'one line of description',
  ],
  'unmarked secret': [
    withProperty('api_key', { type: 'string', title: 'Key', description: 'A key.' }),
    'marks secrets',
  ],
  'wrong example': [
    withProperty('pages', { type: 'integer', title: 'Pages', description: 'How many.', examples: ['many'] }),
    'match their own schema',
  ],
  'check that always passes': [{ ...good, check: async () => {} }, 'refuses a bad config fast'],
  'check that throws a plain error': [
    { ...good, check: (context) => good.check(context).catch(() => Promise.reject(new Error('no'))) },
    'refuses a bad config fast',
  ],
  'secret in an error': [
    {
      ...good,
      check: async (context) => {
        await good.check(context).catch(() => {
          throw new ConnectorError('AuthExpired', `checking: ${TOKEN} was refused; renew it`)
        })
      },
    },
    'in no log',
  ],
  'exclusive cursor': [
    withRead(async function* (context) {
      const state = context.state?.at as string | undefined
      for await (const found of pages(context, state)) {
        const fresh = found.filter(({ updated_at }) => state === undefined || updated_at > state)
        yield records(fresh)
        yield checkpoint({ at: found.at(-1)?.updated_at ?? state })
      }
    }),
    'loses and repeats nothing from any checkpoint when it appends',
  ],
  'inclusive cursor without memory': [
    withRead(async function* (context) {
      const state = context.state?.at as string | undefined
      for await (const found of pages(context, state)) {
        yield records(found)
        yield checkpoint({ at: found.at(-1)?.updated_at ?? state })
      }
    }),
    'finds nothing new at its last checkpoint',
  ],
  'checkpoint before its records': [
    withRead(async function* (context) {
      const cursor = orderedCursor(context, 'updated_at')
      for await (const found of pages(context, cursor.since)) {
        const fresh = cursor.fresh(found)
        yield* cursor.checkpoint()
        yield records(fresh)
      }
    }),
    'ends with a checkpoint behind the last record',
  ],
  'no checkpoint in an incremental read': [
    withStream({
      resumable: false,
      async *read(context) {
        for await (const message of goodRead(context)) {
          if (message.type !== 'checkpoint') yield message
        }
      },
    }),
    'ends with a checkpoint behind the last record',
  ],
  'no checkpoint behind a window': [
    withRead(async function* (context) {
      for await (const message of goodRead(context)) {
        if (context.window === undefined || message.type !== 'checkpoint') yield message
      }
    }),
    'reads a window',
  ],
  'records of another type': [
    withRecords((found) => found.map((item) => ({ ...item, name: 7 }))),
    'match the schema',
  ],
  'undeclared field': [
    withRecords((found) => found.map((item) => ({ ...item, more: 1 }))),
    'match the schema',
  ],
  'repeated key': [withRecords((found) => [...found, ...found.slice(0, 1)]), 'keys that are unique'],
  'null key': [
    withRecords((found) => found.map((item) => ({ ...item, id: null }))),
    'yields records of every stream',
  ],
  'key that is not in the schema': [withStream({ primaryKey: ['uid'] }), 'before all'],
  'errors that are swallowed': [
    withRead(async function* (context) {
      try {
        yield* goodRead(context)
      } catch {
        // The reader is told that this was all.
      }
    }),
    'calls a server that only answers with 500',
  ],
  'cancel that is ignored': [
    withRead(async function* (context) {
      for await (const message of goodRead(context)) {
        yield message
        if (context.signal.aborted) await new Promise((resolve) => setTimeout(resolve, 6000))
      }
    }),
    'ends soon when it is cancelled',
  ],
  'text that is trimmed': [
    withRecords((found) => found.map((item) => ({ ...item, name: String(item.name).slice(0, 20) }))),
    'carries 1 MB of text unchanged',
  ],
  'window that is ignored': [
    withRead((context) => {
      const { window: _, ...rest } = context
      return goodRead(rest)
    }),
    'reads a window',
  ],
  'memory that grows': [
    withRead(async function* (context) {
      const all: unknown[] = []
      for await (const message of goodRead(context)) {
        // Enough that what else the process gives free meanwhile cannot hide it.
        all.push(structuredClone(message), Buffer.alloc(2 * 1024 * 1024))
        yield message
      }
      if (all.length < 0) throw new Error('never: it keeps the list alive')
    }),
    'keeps its memory flat',
  ],
  'socket that stays open': [
    withRead(async function* (context) {
      yield* goodRead(context)
      const { port, hostname } = new URL(context.config.base_url)
      await once(connect(Number(port), hostname), 'connect')
    }),
    'leaves no socket',
  ],
}

/** A listing of 100,000 records on pages of 5,000. */
function longListing(server: FaultServer): undefined {
  server.inject(({ query }) => {
    const start = Number(query.get('cursor') ?? 0)
    const data = Array.from({ length: 5000 }, (_, index) => ({
      id: start + index,
      name: 'a name',
      updated_at: new Date(Date.UTC(2026, 0, 1) + start + index).toISOString(),
    }))
    return { body: { data, next: start + 5000 < 100_000 ? String(start + 5000) : null } }
  })
}

const OPTIONS: SourceSuiteOptions<Config> = {
  server: startServer,
  config: ({ url }) => ({ base_url: url, access_token: TOKEN }),
  badConfig: ({ url }) => ({ base_url: url, access_token: 'not-the-token' }),
  empty: (server) => server.inject(() => ({ body: { data: [], next: null } })),
}

const LONG = {
  stream: 'items',
  records: 100_000,
  prepare: longListing,
  maxGrowthBytes: 8 * 1024 * 1024,
}

/** Registers the suite once for each variant, in a `describe` of the variant's name. */
export function registerVariants(): void {
  for (const [name, [source]] of Object.entries(VARIANTS)) {
    // The long listing takes a second: only where it matters.
    const long = name === 'none' || name === 'memory that grows' ? { long: LONG } : {}
    describe(name, () => describeSource(source, { ...OPTIONS, ...long }))
  }
}
