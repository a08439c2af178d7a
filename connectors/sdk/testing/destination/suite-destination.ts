/** The destination without faults of the suite's own test, in parts that a variant may change. */
import { bearerAuth } from '../../auth/static.js'
import {
  type Batch,
  type DestinationDefinition,
  type DestinationField,
  type DestinationRecord,
  defineDestination,
  defineObject,
  type ObjectDefinition,
  OK,
  type RecordResult,
  rejected,
  type WriteContext,
} from '../../destination.js'
import type { HttpClient } from '../../http/client.js'
import type { JsonObject, JsonSchema } from '../../json.js'
import type { DestinationSuiteOptions, ObjectCase } from './options.js'
import { type startSuiteVendor, TOKEN } from './suite-vendor.js'

export interface Config {
  readonly base_url: string
  readonly access_token: string
}

type Context = Pick<WriteContext<Config>, 'http' | 'config'>

const spec: JsonSchema = {
  type: 'object',
  required: ['base_url', 'access_token'],
  properties: {
    base_url: { type: 'string', format: 'uri', title: 'Address', description: 'Where it is.', 'x-order': 1 },
    access_token: { type: 'string', title: 'Token', description: 'A token.', writeOnly: true, 'x-order': 2 },
  },
}

export const email: DestinationField = {
  type: 'string',
  title: 'E-mail address',
  normalize: (text) => (text.includes('@') ? text.trim().toLowerCase() : undefined),
}

const fields: Readonly<Record<string, DestinationField>> = {
  email,
  name: { type: 'string', maxLength: 100 },
  orders: { type: 'integer' },
  country: { type: 'string' },
}

export const open = ({ http, config }: Context): HttpClient =>
  http({ baseUrl: config.base_url, auth: bearerAuth(config.access_token) })

/** Posts the records of a batch as rows. */
export async function post<T>(
  context: Context,
  url: string,
  { records, idempotencyKey }: Batch,
  options: { readonly keyed?: boolean; readonly idempotent?: boolean } = {},
): Promise<T> {
  const rows = records.map(({ match, fields, event }) => ({
    ...match,
    ...fields,
    ...(event && { $event: event }),
  }))
  const { data } = await open(context).request<T>({
    method: 'POST',
    url,
    data: { rows },
    ...(options.keyed && { headers: { 'Idempotency-Key': idempotencyKey } }),
    idempotent: options.idempotent ?? true,
  })
  return data
}

export interface Answer {
  readonly results: readonly { readonly ok: boolean; readonly message?: string }[]
}

export const answersOf = ({ results }: Answer): RecordResult[] =>
  results.map(({ ok, message }) => (ok ? OK : rejected(message ?? 'refused')))

export const contact: ObjectDefinition<Config> = defineObject<Config>({
  name: 'contact',
  operations: ['upsert', 'remove'],
  fields,
  matchKeys: [['email']],
  batch: { records: 100 },
  idempotency: 'natural',
  undo: 'inverse',
  async write(context, batch) {
    if (batch.operation === 'upsert') {
      return { results: answersOf(await post<Answer>(context, '/contacts/upsert', batch)) }
    }
    await post(context, '/contacts/remove', batch)
    return { results: batch.records.map(() => OK) }
  },
})

export const event: ObjectDefinition<Config> = defineObject<Config>({
  name: 'event',
  operations: ['append'],
  fields,
  matchKeys: [['email']],
  batch: { records: 50 },
  idempotency: 'keyed',
  undo: 'compensate',
  write: async (context, batch) => ({
    results: answersOf(await post<Answer>(context, '/events', batch, { keyed: true })),
  }),
})

export const member: ObjectDefinition<Config> = defineObject<Config>({
  name: 'member',
  operations: ['replace'],
  fields,
  matchKeys: [['email']],
  batch: { records: 1000 },
  idempotency: 'natural',
  undo: 'inverse',
  async write(context, batch) {
    const { job } = await post<{ job: string }>(context, `/lists/${context.run}`, batch)
    return { job: { id: job }, pollAfterMs: 1000 }
  },
  async poll(context, _, job) {
    const answer = await open(context).get<{ state: string } & Answer>(`/jobs/${String(job.id)}`)
    return answer.state === 'done' ? { results: answersOf(answer) } : { job, pollAfterMs: 1000 }
  },
  async finish(context, { batches }) {
    const data = batches === 0 ? { empty: true } : {}
    await open(context).request({
      method: 'POST',
      url: `/lists/${context.run}/finish`,
      data,
      idempotent: true,
    })
  },
})

export const good: DestinationDefinition<Config> = defineDestination<Config>({
  spec,
  check: async (context) => void (await open(context).get('/me')),
  objects: [contact, event, member],
})

const record = (n: number, country: string): DestinationRecord => ({
  match: { email: `zoë.${n}@example.com` },
  fields: { name: `Zoë ${n}`, orders: n, country } satisfies JsonObject,
})

const samples: Pick<ObjectCase, 'sample' | 'badSample'> = {
  sample: (n) => record(n, 'France'),
  badSample: (n) => record(500 + n, 'Atlantis'),
}

/** Options for a suite of these objects, with the tests of a faulty network or without. */
export function suiteOptions(
  start: typeof startSuiteVendor,
  names: readonly string[],
  faults: boolean,
): DestinationSuiteOptions<Config> {
  const cases: readonly ObjectCase[] = [
    { name: 'contact', operations: ['upsert', 'remove'], ...samples },
    { name: 'event', operations: ['append'], ...samples },
    { name: 'member', operations: ['replace'], jobs: true, ...samples },
  ]
  return {
    ...(faults && { speaks: 'http' }),
    objects: cases.filter(({ name }) => names.includes(name)),
    async start() {
      const vendor = await start()
      const configFor = (url: string): Config => ({ base_url: url, access_token: TOKEN })
      return {
        config: configFor(vendor.url),
        ...(faults && { http: { url: vendor.url, configFor } }),
        badConfigs: [
          {
            title: 'a false token',
            config: { base_url: vendor.url, access_token: 'not-the-token' },
            kind: 'AuthExpired',
          },
        ],
        holdings: async (object, operation) => vendor.holdings(object, operation),
        clear: async () => vendor.clear(),
        advance: async () => vendor.advance(),
        stop: () => vendor.stop(),
      }
    },
  }
}
