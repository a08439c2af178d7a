/** The files of a new source: one stream of an imagined API, incremental, with a server that plays the API in tests. */
import type { TemplateNames } from './names.js'
import { json } from './package-files.js'

/** Path → text of everything that a source has and a destination has not. */
export function sourceFiles(names: TemplateNames): Readonly<Record<string, string>> {
  return {
    'README.md': readmeFile(names),
    'index.ts': indexFile(names),
    'client.ts': clientFile(names),
    'streams/items.ts': streamFile(names),
    'schemas/items.json': itemsSchemaFile(),
    [`test/${names.fileName}.test.ts`]: testFile(names),
    'test/vendor.ts': vendorFile(names),
  }
}

function indexFile({ title, configType }: TemplateNames): string {
  return `/** ${title}: what it can do. One file per stream is in streams/. */
import { defineSource } from '@tributary/connector-sdk'
import { openClient } from './client.js'
import { type ${configType}, spec } from './spec.js'
import { items } from './streams/items.js'

export default defineSource<${configType}>({
  spec,
  async check(context) {
    await openClient(context).get('/me')
  },
  streams: [items],
})
`
}

function clientFile({ title, configType }: TemplateNames): string {
  return `/** How ${title} is spoken to: address, credentials, limits. Paging and retries come from the kit. */
import { bearerAuth, type ConnectorContext, type HttpClient } from '@tributary/connector-sdk'
import type { ${configType} } from './spec.js'

export function openClient({ config, http }: ConnectorContext<${configType}>): HttpClient {
  return http({
    baseUrl: config.base_url,
    auth: bearerAuth(config.access_token),
    requestsPerSecond: 10,
  })
}
`
}

function streamFile({ configType }: TemplateNames): string {
  return `/** Items, ordered by the time of their last change. */
import { cursorPaging, defineStream, loadSchema, orderedCursor, records } from '@tributary/connector-sdk'
import { openClient } from '../client.js'
import type { ${configType} } from '../spec.js'

export const items = defineStream<${configType}>({
  name: 'items',
  schema: loadSchema(import.meta.url, 'schemas/items.json'),
  primaryKey: ['id'],
  cursor: { field: 'updated_at', granularity: 'PT1S' },
  async *read(context) {
    const cursor = orderedCursor(context, 'updated_at')
    const pages = openClient(context).pages('/items', {
      query: { updated_since: cursor.since, sort: 'updated_at' },
      paging: cursorPaging('next'),
      itemsPath: 'data',
    })
    for await (const page of pages) {
      yield records(cursor.fresh(page.items))
      yield* cursor.checkpoint()
      if (cursor.ended) return
    }
  },
})
`
}

function testFile({ title, configType, fileName }: TemplateNames): string {
  return `import assert from 'node:assert/strict'
import { collect, describeSource, testContext } from '@tributary/connector-sdk/testing'
import source from '../index.js'
import { type ${configType}, spec } from '../spec.js'
import { items } from '../streams/items.js'
import { ITEMS, startVendor, TOKEN } from './vendor.js'

describe('${fileName}', () => {
  describeSource(source, {
    packageOf: import.meta.url,
    server: startVendor,
    config: ({ url }) => ({ base_url: url, access_token: TOKEN }),
    badConfig: ({ url }) => ({ base_url: url, access_token: 'not-the-token' }),
    empty: (server) =>
      server.inject(({ path }) => (path === '/items' ? { body: { data: [], next: null } } : undefined)),
  })

  it('asks ${title} for what has changed since the last read', async () => {
    const server = await startVendor()
    const config: ${configType} = { base_url: server.url, access_token: TOKEN }
    const value = ITEMS.at(-1)!.updated_at
    const context = testContext(config, { spec, syncMode: 'incremental', state: { value } })
    const { records } = await collect(items, context)
    context.close()
    await server.close()
    assert.deepEqual(
      records,
      ITEMS.filter(({ updated_at }) => updated_at === value),
    )
  })
})
`
}

function vendorFile({ title }: TemplateNames): string {
  return `/** Plays ${title}'s API in tests: replace its shapes with the real ones, from the vendor's reference. */
import { createFaultServer, type FaultServer, type Route } from '@tributary/connector-sdk/testing'

export const TOKEN = 'test-access-token'
const PAGE_SIZE = 10

export const ITEMS = Array.from({ length: 25 }, (_, index) => ({
  id: index + 1,
  name: \`Item \${index + 1}\`,
  price: (index * 1.5).toFixed(2),
  // Several items change in the same second: the boundary that a cursor must not lose.
  updated_at: new Date(Date.UTC(2026, 0, 1, 0, 0, Math.floor(index / 3))).toISOString(),
}))

const withToken =
  (route: Route): Route =>
  (request) =>
    request.headers.authorization === \`Bearer \${TOKEN}\` ? route(request) : { status: 401, body: {} }

export function startVendor(): Promise<FaultServer> {
  return createFaultServer({
    '/me': withToken(() => ({ body: { name: 'test' } })),
    '/items': withToken(({ query }) => {
      const since = query.get('updated_since') ?? ''
      const found = ITEMS.filter(({ updated_at }) => updated_at >= since)
      const start = Number(query.get('cursor') ?? 0)
      const next = start + PAGE_SIZE < found.length ? String(start + PAGE_SIZE) : null
      return { body: { data: found.slice(start, start + PAGE_SIZE), next } }
    }),
  })
}
`
}

function itemsSchemaFile(): string {
  return json({
    type: 'object',
    required: ['id', 'updated_at'],
    properties: {
      id: { type: 'integer', description: 'Number of the item.' },
      name: { type: 'string', description: 'What people call it.' },
      price: { 'x-type': 'decimal(18,2)', description: 'Price of one.' },
      updated_at: { type: 'string', format: 'date-time', description: 'Time of the last change.' },
    },
  })
}

function readmeFile({ title, packageName, fileName }: TemplateNames): string {
  return `# ${title}

Reads ${title} into Tributary.

| stream | key | cursor |
|---|---|---|
| items | id | updated_at |

## Use it

\`\`\`yaml
# sources/${fileName.replace(/^source-/, '')}.yaml
connector: ${packageName}
config:
  base_url: https://api.example.com
  access_token: "\${secret:ACCESS_TOKEN}"
\`\`\`

## Work on it

\`npm test\` compiles the connector and runs the conformance suite against test/vendor.ts; it needs no account.
Add a stream: a file in streams/, its schema in schemas/, its name in index.ts.
`
}
