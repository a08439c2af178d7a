import { deepEqual, equal } from 'node:assert/strict'
import { publishRevision, stageRevision } from '../../warehouse/revisions.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'

const FILES = {
  'tributary.yaml': 'workspace: lists\n',
  'identity.yaml': 'identifiers: { email: { normalize: email } }\n',
  'mappings/customers.yaml': 'stream: shop.customers\nidentifiers: { email: email }\n',
}

describe('routes of lists', function () {
  this.timeout(60_000)
  let server: TestServer

  before(async () => {
    server = await startTestServer()
    const warehouse = await server.operations.warehouse()
    await stageRevision(warehouse, { revision: 'r1', files: FILES })
    const first = {
      number: 1,
      parent: '',
      author: 'a test',
      message: '',
      appliedAt: '2026-01-31T06:00:00.000Z',
    }
    await publishRevision(warehouse, { revision: 'r1', ...first })
  })
  after(() => server?.close())

  it('put people on a list as identity.yaml normalises them, and take them off again', async () => {
    const marketer = await server.signIn('marketer')
    const viewer = await server.signIn('viewer')
    const change = async (direction: 'add' | 'remove', values: readonly string[]) => {
      const url = `/api/v1/lists/vips/${direction}`
      const answer = await marketer.send({ method: 'POST', url, payload: { type: 'email', values } })
      equal(answer.statusCode, 200, answer.body)
      const { changed, unchanged, refused } = answer.json()
      return [changed, unchanged, refused]
    }
    const entries = async (as: typeof viewer) =>
      (await as.send({ method: 'GET', url: '/api/v1/lists/vips' })).json().entries

    deepEqual(await change('add', ['Ada@Example.org', ' ']), [1, 0, [{ type: 'email', value: ' ' }]])
    deepEqual(await entries(marketer), [{ type: 'email', value: 'ada@example.org' }])
    deepEqual(await entries(viewer), [{ type: 'email', value: '•••' }])
    deepEqual(await change('remove', ['ada@example.org', 'bob@example.org']), [1, 1, []])
    deepEqual(await entries(marketer), [])
  })

  it('begin no list whose name cannot be read', async () => {
    const marketer = await server.signIn('marketer')
    const add = async (name: string) => {
      const url = `/api/v1/lists/${encodeURIComponent(name)}/add`
      const payload = { type: 'email', values: ['ada@example.org'] }
      return (await marketer.send({ method: 'POST', url, payload })).statusCode
    }
    const names = ['bell\u0007', 'two\nlines', 'turned\u202eround', ' space', 'مرحبا', '👩‍👧 guests']
    deepEqual(await Promise.all(names.map(add)), [400, 400, 400, 400, 200, 200])
  })

  it('say which list was meant', async () => {
    const viewer = await server.signIn('viewer')
    const answer = await viewer.send({ method: 'GET', url: '/api/v1/lists/vip' })
    deepEqual([answer.statusCode, answer.json().error.name], [404, 'ListUnknown'])
  })
})
