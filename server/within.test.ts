import { deepEqual, equal, match } from 'node:assert/strict'
import { listActions } from '../operations/members/audit.js'
import { errorAnswer } from './errors.js'
import { defineEvents, defineRoute } from './route.js'
import { object, text } from './schema.js'
import { openTestApp, startTestServer, type TestServer, type TestSession } from './testing/test-server.js'

const NEVER = new Promise<never>(() => undefined)
const HASTY = { readMs: 50, changeMs: 50 }
const things = object({ name: text })

let [goOn, stopped] = [() => {}, 0]
const stalled = [
  defineRoute({
    method: 'GET',
    path: '/api/v1/test/things',
    role: 'viewer',
    summary: 'Asks what does not answer',
    response: things,
    async handle({ signal }) {
      signal.addEventListener('abort', () => (stopped += 1), { once: true })
      return NEVER
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/test/things',
    role: 'viewer',
    summary: 'Is done later than anybody waits',
    response: things,
    audit: () => ({ action: 'test late', subject: 'a thing' }),
    async handle() {
      await new Promise<void>((resolve) => (goOn = resolve))
      return { name: 'late' }
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/test/large-things',
    role: 'viewer',
    summary: 'May take its time',
    response: things,
    patienceMs: 60_000,
    async handle({ signal }) {
      await new Promise((resolve) => setImmediate(resolve))
      return { name: String(signal.aborted) }
    },
  }),
  defineEvents({
    path: '/api/v1/test/events',
    role: 'viewer',
    summary: 'Does not even begin',
    event: things,
    handle: () => NEVER,
  }),
]

describe('answers when a part behind the server stands still', function () {
  this.timeout(120_000)
  let server: TestServer
  let hasty: TestServer
  let ada: TestSession

  before(async () => {
    server = await startTestServer()
    ada = await server.signIn('viewer')
    hasty = await openTestApp(server.operations, { routes: stalled, answerWithin: HASTY })
  })
  after(async () => {
    await hasty?.close()
    await server?.close()
  })

  const send = (method: 'GET' | 'POST', url: string) =>
    hasty.app.inject({
      method,
      url,
      cookies: { [server.services.cookieName]: ada.cookie },
      headers: { 'x-csrf-token': ada.csrf },
    })

  it('say so in time, and what was asked is ended', async () => {
    for (const url of ['/api/v1/test/things', '/api/v1/test/events']) {
      const answer = await send('GET', url)
      deepEqual([answer.statusCode, answer.json().error.name], [503, 'AnswerOverdue'], url)
      match(answer.json().error.message, /did not answer within .* s; .*try again/)
    }
    equal(stopped, 1)
  })

  it('say of a change that it may still be made, and it is recorded when it is', async () => {
    const answer = await send('POST', '/api/v1/test/things')
    deepEqual([answer.statusCode, answer.json().error.name], [503, 'AnswerOverdue'])
    match(answer.json().error.message, /may still be done; look before you do it again/)
    goOn()
    for (;;) {
      const [entry] = await listActions(server.operations, { action: 'test late' })
      if (entry === undefined) continue
      deepEqual([entry.actor, entry.subject], [ada.member.name, 'a thing'])
      break
    }
  })

  it('are waited for where it is known that they take long', async () => {
    const answer = await send('GET', '/api/v1/test/large-things')
    deepEqual([answer.statusCode, answer.json()], [200, { name: 'false' }])
  })
})

describe('what ClickHouse refuses', () => {
  for (const type of ['TIMEOUT_EXCEEDED', 'MEMORY_LIMIT_EXCEEDED', 'TOO_SLOW']) {
    it(`for asking too much is told as that: ${type}`, () => {
      const error = Object.assign(new Error('Code: 159. DB::Exception'), { code: '159', type })
      const { status, body } = errorAnswer(error, 'r1')
      deepEqual([status, body.error.name], [422, 'AskedTooMuch'])
      match(body.error.message, /more time or memory than a question may; .* ask for less/)
    })
  }
})
