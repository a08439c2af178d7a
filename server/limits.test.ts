import { deepEqual, equal, match } from 'node:assert/strict'
import { createToken } from '../operations/members/tokens.js'
import { startTestServer, type TestServer } from './testing/test-server.js'

const MOST = 5
const ASKED = { method: 'GET', url: '/api/v1/session' } as const

describe('the limit of requests', function () {
  this.timeout(60_000)
  let server: TestServer

  before(async () => {
    server = await startTestServer({ requestsPerMinute: MOST })
  })
  after(() => server?.close())

  it('is of each member, over all routes, and says when to come back', async () => {
    const [ada, ben] = [await server.signIn('viewer'), await server.signIn('viewer')]
    const urls = ['/api/v1/session', '/api/v1/secrets', '/api/v1/connectors']
    const answers = []
    for (let count = 0; count < MOST + 1; count += 1)
      answers.push(await ada.send({ method: 'GET', url: urls[count % urls.length]! }))
    deepEqual(
      answers.map(({ statusCode }) => statusCode),
      [200, 403, 200, 200, 403, 429],
    )
    const refused = answers.at(-1)!
    match(String(refused.headers['retry-after']), /^([1-9]|[1-5]\d|60)$/)
    match(refused.json().error.message, /^asking: this is more than 5 requests a minute; go on in \d+ s/)
    equal(refused.json().error.name, 'TooMany')
    equal((await ben.send(ASKED)).statusCode, 200)
  })

  it('is of each token, and not that of whoever made it', async () => {
    const make = (name: string) =>
      createToken(server.operations, { name, role: 'viewer', validMs: 60_000, by: 'a test' })
    const [{ token }, { token: other }] = [await make('one'), await make('other')]
    const ask = async (secret: string) =>
      (await server.app.inject({ ...ASKED, headers: { authorization: `Bearer ${secret}` } })).statusCode
    const statuses = []
    for (let count = 0; count < MOST + 1; count += 1) statuses.push(await ask(token))
    deepEqual(statuses, [...Array(MOST).fill(200), 429])
    equal(await ask(other), 200)
  })

  it('does not count who is nobody: they are refused anyway', async () => {
    for (let count = 0; count < MOST + 1; count += 1) equal((await server.app.inject(ASKED)).statusCode, 401)
  })
})
