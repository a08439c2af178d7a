/** What segments can speak of, where nothing is mapped to people yet. */
import { deepEqual } from 'node:assert/strict'
import { startTestServer, type TestServer } from '../testing/test-server.js'

describe('the vocabulary of a workspace without mappings', function () {
  this.timeout(60_000)
  let server: TestServer

  before(async () => {
    server = await startTestServer()
  })
  after(() => server?.close())

  it('has no names, and says why', async () => {
    const viewer = await server.signIn('viewer')
    const answer = await viewer.send({ method: 'GET', url: '/api/v1/vocabulary' })
    const { operators, aggregates, periods, ...names } = answer.json<Record<string, readonly unknown[]>>()
    deepEqual(
      [answer.statusCode, names],
      [
        200,
        {
          stage: 'nothing_mapped',
          timeZone: 'UTC',
          events: [],
          traits: [],
          identifiers: [],
          lists: [],
          segments: [],
          consents: [],
        },
      ],
    )
    deepEqual(
      [operators, aggregates, periods].map((words) => (words?.length ?? 0) > 0),
      [true, true, true],
    )
  })
})
