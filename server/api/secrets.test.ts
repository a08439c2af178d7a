import { deepEqual, equal } from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { listActions } from '../../operations/members/audit.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'

describe('routes of secrets', function () {
  this.timeout(60_000)
  let server: TestServer

  before(async () => {
    server = await startTestServer({ env: { TRIBUTARY_SECRET_OF_THE_HOST: 'given' } })
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
    deepEqual(listed.json(), {
      secrets: [
        { name: 'OF_THE_HOST', place: 'given', usedBy: [] },
        { name: 'SHOP_PASSWORD', place: 'kept', usedBy: [] },
      ],
    })
    const [entry] = await listActions(server.operations, { action: 'secrets set' })
    deepEqual([entry?.actor, entry?.subject], [ada.member.name, 'SHOP_PASSWORD'])
  })

  it('forget a value that nothing needs, and only that', async () => {
    const ada = await server.signIn('marketer')
    const remove = (name: string) => ada.send({ method: 'DELETE', url: `/api/v1/secrets/${name}` })
    for (const name of ['DRAFT_SOURCE_TILL__KEY', 'TILL_KEY', 'TILL__REFRESH_TOKEN'])
      await ada.send({ method: 'PUT', url: `/api/v1/secrets/${name}`, payload: { value: 'x' } })
    const file = join(server.operations.workspaceDir, 'sources', 'till.yaml')
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, `connector: source-files\nconfig: { key: "\${secret:TILL_KEY}", oops\n`)
    equal((await remove('DRAFT_SOURCE_TILL__KEY')).statusCode, 200)
    deepEqual((await remove('TILL_KEY')).json(), {
      error: {
        name: 'SecretInUse',
        message:
          'removing the secret TILL_KEY: the source till needs it; change or remove that first, and publish it',
      },
    })
    equal((await remove('TILL__REFRESH_TOKEN')).statusCode, 409)
    equal((await remove('DRAFT_SOURCE_TILL__KEY')).statusCode, 404)
    deepEqual((await remove('OF_THE_HOST')).json(), {
      error: {
        name: 'SecretInvalid',
        message:
          'removing the secret OF_THE_HOST: it comes from the environment or a mounted folder; remove it there',
      },
    })
    const usedBy = [{ kind: 'source', id: 'till' }]
    deepEqual((await ada.send({ method: 'GET', url: '/api/v1/secrets' })).json(), {
      secrets: [
        { name: 'OF_THE_HOST', place: 'given', usedBy: [] },
        { name: 'SHOP_PASSWORD', place: 'kept', usedBy: [] },
        { name: 'TILL_KEY', place: 'kept', usedBy },
        { name: 'TILL__REFRESH_TOKEN', place: 'kept', usedBy },
      ],
    })
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
