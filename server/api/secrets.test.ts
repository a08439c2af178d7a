import { deepEqual, equal } from 'node:assert/strict'
import { listActions } from '../../operations/members/audit.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'

describe('routes of secrets', function () {
  this.timeout(60_000)
  let server: TestServer

  before(async () => {
    server = await startTestServer()
  })
  after(() => server?.close())

  it('keep a value that comes back only as a reference', async () => {
    const ada = await server.signIn('marketer')
    const kept = await ada.send({
      method: 'PUT',
      url: '/api/v1/secrets/SHOP_PASSWORD',
      payload: { value: 'correct horse' },
    })
    deepEqual(kept.json(), { name: 'SHOP_PASSWORD', reference: `\${secret:SHOP_PASSWORD}` })
    const listed = await ada.send({ method: 'GET', url: '/api/v1/secrets' })
    deepEqual(listed.json(), { names: ['SHOP_PASSWORD'] })
    const [entry] = await listActions(server.operations, { action: 'secrets set' })
    deepEqual([entry?.actor, entry?.subject], [ada.member.name, 'SHOP_PASSWORD'])
  })

  it('are not for viewers', async () => {
    const viewer = await server.signIn('viewer')
    equal((await viewer.send({ method: 'GET', url: '/api/v1/secrets' })).statusCode, 403)
  })

  it('say what is wrong with a request, and where', async () => {
    const ada = await server.signIn('marketer')
    const answer = await ada.send({
      method: 'PUT',
      url: '/api/v1/secrets/SHOP_PASSWORD',
      payload: { valu: 'x' },
    })
    deepEqual(answer.json(), {
      error: {
        name: 'RequestInvalid',
        message:
          'reading the body of the request: missing key value; add value (The value; it is never shown again)',
        problems: [
          {
            path: '',
            message: 'missing key value',
            remedy: 'add value (The value; it is never shown again)',
          },
          { path: 'valu', message: 'unknown key', remedy: 'did you mean value?' },
        ],
      },
    })
  })
})
