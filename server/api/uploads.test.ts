import { deepEqual, equal } from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { listActions } from '../../operations/members/audit.js'
import { startTestServer, type TestServer, type TestSession } from '../testing/test-server.js'

describe('routes of files that people send', function () {
  this.timeout(60_000)
  let server: TestServer
  let ada: TestSession

  before(async () => {
    server = await startTestServer()
    ada = await server.signIn('marketer')
  })
  after(() => server?.close())

  const url = '/api/v1/uploads/till-a1b2/Orders%20(1).csv'
  const send = (at: number, payload: Buffer | object, last: boolean, headers = {}) =>
    ada.send({
      method: 'POST',
      url: `${url}?upload=abcdef12&at=${at}&last=${last}`,
      headers: { 'content-type': 'application/octet-stream', ...headers },
      payload,
    })
  const files = async () => (await ada.send({ method: 'GET', url: '/api/v1/uploads/till-a1b2' })).json()

  it('take a file in pieces, and say who sent it', async () => {
    deepEqual(await files(), { files: [] })
    deepEqual((await send(0, Buffer.from('id,name\n'), false)).json(), { received: 8 })
    deepEqual(await files(), { files: [] })
    deepEqual((await send(8, Buffer.from('1,Ada\n'), true)).json(), { received: 14 })
    const { files: sent } = (await files()) as { files: { name: string; bytes: number }[] }
    deepEqual(
      sent.map(({ name, bytes }) => [name, bytes]),
      [['Orders (1).csv', 14]],
    )
    const path = join(server.operations.workspaceDir, 'uploads', 'till-a1b2', 'Orders (1).csv')
    equal(await readFile(path, 'utf8'), 'id,name\n1,Ada\n')
    const actions = await listActions(server.operations, { action: 'upload send' })
    deepEqual(
      actions.map(({ actor, subject, detail }) => [actor, subject, detail]),
      [[ada.member.name, 'till-a1b2/Orders (1).csv', '14 bytes']],
    )
  })

  it('take bytes only, and others take JSON only', async () => {
    const json = await send(0, { id: 1 }, true, { 'content-type': 'application/json' })
    deepEqual(json.json(), {
      error: {
        name: 'RequestInvalid',
        message: 'reading the body of the request: it is no bytes; send application/octet-stream',
        problems: [],
      },
    })
    equal((await send(0, Buffer.alloc(0), true)).statusCode, 400)
    const other = await ada.send({
      method: 'PUT',
      url: '/api/v1/secrets/SHOP_KEY',
      headers: { 'content-type': 'application/octet-stream' },
      payload: Buffer.from('{"value":"x"}'),
    })
    deepEqual(other.json(), {
      error: {
        name: 'RequestInvalid',
        message: 'reading the body of the request: it is no JSON; send application/json',
        problems: [],
      },
    })
  })

  it('refuse what is too much at once, or out of order', async () => {
    equal((await send(0, Buffer.alloc(4 * 1024 * 1024 + 1), true)).statusCode, 413)
    equal((await send(2 ** 31, Buffer.from('x'), true)).statusCode, 413)
    equal((await send(7, Buffer.from('x'), true)).statusCode, 409)
  })

  it('refuse names that lead elsewhere', async () => {
    for (const name of ['..%2f..%2ftributary.yaml', '.env', '%00', 'a%5Cb']) {
      const answer = await ada.send({
        method: 'POST',
        url: `/api/v1/uploads/till-a1b2/${name}?upload=abcdef12&at=0&last=true`,
        headers: { 'content-type': 'application/octet-stream' },
        payload: Buffer.from('x'),
      })
      equal(answer.statusCode, 400, name)
    }
    equal((await ada.send({ method: 'GET', url: '/api/v1/uploads/.tributary' })).statusCode, 400)
  })

  it('take a file away and bring it back', async () => {
    equal((await ada.send({ method: 'DELETE', url })).statusCode, 200)
    deepEqual(await files(), { files: [] })
    equal((await ada.send({ method: 'DELETE', url })).statusCode, 404)
    equal((await ada.send({ method: 'POST', url: `${url}/restore` })).statusCode, 200)
    equal(((await files()) as { files: unknown[] }).files.length, 1)
  })
})
