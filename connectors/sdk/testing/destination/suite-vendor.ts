/** A small vendor for the suite's own test: contacts that are upserted and removed, events, and a list that is replaced by jobs. */
import type { DestinationRecord, Operation } from '../../destination.js'
import type { JsonObject, JsonValue } from '../../json.js'
import { createFaultServer, type FaultResponse, type FaultServer, type Route } from '../fault-server.js'

export const TOKEN = 'the-secret-token-of-the-suite'

export interface SuiteVendor {
  readonly url: string
  holdings(object: string, operation: Operation): DestinationRecord[]
  clear(): void
  /** Lets every job go on by a step; it is done after two. */
  advance(): void
  stop(): Promise<void>
}

interface Job {
  readonly results: readonly JsonObject[]
  steps: number
}

type Rows = Map<string, JsonObject>

export async function startSuiteVendor(): Promise<SuiteVendor> {
  const contacts: Rows = new Map()
  const events: { row: JsonObject; event: 'entered' | 'left' }[] = []
  const answered = new Map<string, FaultResponse>()
  const lists = new Map<string, Rows>()
  const jobs = new Map<string, Job>()
  let members: Rows = new Map()
  let begun = 0

  const signedIn =
    (route: Route): Route =>
    (request) =>
      request.headers.authorization === `Bearer ${TOKEN}` ? route(request) : { status: 401, body: {} }
  const upsert = (rows: Rows, row: JsonObject): JsonObject => {
    if (row.country === 'Atlantis') return { ok: false, message: 'there is no such country' }
    const email = String(row.email)
    const merged = Object.entries({ ...rows.get(email), ...row }).filter(([, value]) => value !== null)
    rows.set(email, Object.fromEntries(merged) as JsonObject)
    return { ok: true }
  }

  const server: FaultServer = await createFaultServer({
    'GET /me': signedIn(() => ({ body: { name: 'suite' } })),
    'POST /contacts/upsert': signedIn(({ body }) => ({
      status: 207,
      body: { results: rowsOf(body).map((row) => upsert(contacts, row)) },
    })),
    'POST /contacts/remove': signedIn(({ body }) => {
      for (const { email } of rowsOf(body)) contacts.delete(String(email))
      return { status: 204 }
    }),
    'POST /events': signedIn(({ body, headers }) => {
      const key = String(headers['idempotency-key'])
      const known = answered.get(key)
      if (known) return known
      const results = rowsOf(body).map(({ $event, ...row }) => {
        if (row.country === 'Atlantis') return { ok: false, message: 'there is no such country' }
        events.push({ row, event: $event as 'entered' | 'left' })
        return { ok: true }
      })
      const answer = { body: { results } }
      if (headers['idempotency-key']) answered.set(key, answer)
      return answer
    }),
    'POST /lists/*': signedIn(({ path, body }) => {
      const [, , id, action] = path.split('/')
      const list = lists.get(id!) ?? new Map<string, JsonObject>()
      if (action === 'finish') {
        // Finishing again finds the list gone, and the members are its already.
        if (lists.delete(id!) || body === '{"empty":true}') members = list
        return { status: 204 }
      }
      lists.set(id!, list)
      begun += 1
      const job = `job-${begun}`
      jobs.set(job, { results: rowsOf(body).map((row) => upsert(list, row)), steps: 0 })
      return { status: 202, body: { job } }
    }),
    'GET /jobs/*': signedIn(({ path }) => {
      const job = jobs.get(path.slice('/jobs/'.length))
      if (!job) return { status: 404, body: {} }
      return { body: job.steps < 2 ? { state: 'working' } : { state: 'done', results: job.results } }
    }),
  })

  return {
    url: server.url,
    holdings(object) {
      if (object === 'event') return events.map(({ row, event }) => ({ ...recordOf(row), event }))
      return [...(object === 'member' ? members : contacts).values()].map(recordOf)
    },
    clear() {
      for (const held of [contacts, answered, lists, jobs, members]) held.clear()
      events.length = 0
    },
    advance() {
      for (const job of jobs.values()) job.steps += 1
    },
    stop: () => server.close(),
  }
}

function rowsOf(body: string): JsonObject[] {
  return (JSON.parse(body) as { rows: JsonObject[] }).rows
}

function recordOf({ email, ...fields }: JsonObject): DestinationRecord {
  return { match: { email: email as JsonValue }, fields }
}
