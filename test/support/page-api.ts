/** The API over a stack that runs, asked as a viewer and as a marketer: one mailing list, nine customers. */
import assert from 'node:assert/strict'
import { openTestApp, type TestServer, type TestSession } from '../../server/testing/test-server.js'
import { type Audience, type Customer, customer, customers, startAudience } from './audience.js'

const MAPPING = `stream: files.customers
identifiers: { customer_id: id, email: email }
events:
  - name: Customer Seen
    message_id: [id]
    properties: { town: city, number: id }
traits: { city: city, name: name, consent.marketing: consent }
`

/** Eight Parisians, and one of Lyon. */
export const NINE: readonly Customer[] = [
  ...customers(1, 8),
  customer(9, { city: 'Lyon', name: 'Ada Lovelace' }),
]

export interface AskOptions {
  readonly body?: object
  readonly headers?: Readonly<Record<string, string>>
  /** @default 200 */
  readonly status?: number
}

export interface PageApi {
  readonly audience: Audience
  readonly server: TestServer
  readonly viewer: TestSession
  readonly marketer: TestSession
  /** The id of the profile with this address. */
  idOf(email: string): Promise<string>
  stop(): Promise<void>
}

/** Synced and refreshed. */
export async function startPageApi(): Promise<PageApi> {
  const audience = await startAudience({ files: { 'mappings/customers.yaml': MAPPING } })
  const server = await openTestApp(audience.stack.context)
  const marketer = await server.signIn('marketer')
  await audience.haveCustomers(NINE)
  await audience.refresh()
  return {
    audience,
    server,
    viewer: await server.signIn('viewer'),
    marketer,
    async idOf(email) {
      const { people } = await get<{ people: { profile: string }[] }>(marketer, `/profiles/search?q=${email}`)
      return people[0]!.profile
    },
    async stop() {
      await server.close()
      await audience.stop()
    },
  }
}

/** The answer, where its status is the expected one. */
export async function ask<Answer>(
  as: TestSession,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  { body, headers, status = 200 }: AskOptions = {},
): Promise<Answer> {
  const answer = await as.send({
    method,
    url: `/api/v1${path}`,
    ...(body && { payload: body }),
    ...(headers && { headers }),
  })
  assert.equal(answer.statusCode, status, `${method} ${path}: ${answer.body}`)
  return answer.json<Answer>()
}

export const get = <Answer>(as: TestSession, path: string) => ask<Answer>(as, 'GET', path)

/** Everything that a route told as server-sent events, when it had nothing more to say. */
export async function events<Event>(as: TestSession, path: string): Promise<readonly Event[]> {
  const answer = await as.send({ method: 'GET', url: `/api/v1${path}` })
  return answer.body
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => JSON.parse(line.slice(6)) as Event)
}
