import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeLink } from '../../operations/members/links.js'
import { productVersion } from '../../runtime/version.js'
import { startTestServer, type TestServer } from '../testing/test-server.js'

describe('sessions', function () {
  this.timeout(60_000)
  let server: TestServer

  before(async () => {
    server = await startTestServer()
  })
  after(() => server?.close())

  it('sign a member in with a one-time link, and say who that is', async () => {
    const ada = await server.signIn('marketer')
    const answer = await ada.send({ method: 'GET', url: '/api/v1/session' })
    const { leftMs, ...rest } = answer.json()
    ok(leftMs > 11.9 * 3_600_000 && leftMs <= 12 * 3_600_000)
    deepEqual(rest, {
      member: { ...ada.member },
      role: 'marketer',
      csrf: ada.csrf,
      idleMs: 3_600_000,
      workspace: { name: server.operations.workspaceDir.split('/').at(-1), timeZone: 'UTC' },
      version: productVersion(),
    })
  })

  it('tell the name and the zone of a workspace that was never published, as its file has them', async () => {
    const file = join(server.operations.workspaceDir, 'tributary.yaml')
    await writeFile(file, 'workspace: bakery\ntime_zone: Europe/Paris\n')
    const ada = await server.signIn('marketer')
    const named = async () =>
      (await ada.send({ method: 'GET', url: '/api/v1/session' })).json<{ workspace: object }>().workspace
    deepEqual(await named(), { name: 'bakery', timeZone: 'Europe/Paris' })
    await writeFile(file, 'workspace: [')
    deepEqual(await named(), { name: server.operations.workspaceDir.split('/').at(-1), timeZone: 'UTC' })
    await rm(file)
  })

  it('refuse a link that was used already', async () => {
    const { member } = await server.signIn('viewer')
    const { token: link } = await makeLink(server.operations, { member: member.id, validMs: 60_000, by: 'x' })
    const use = () => server.app.inject({ method: 'POST', url: '/api/v1/session', payload: { link } })
    equal((await use()).statusCode, 200)
    const again = await use()
    equal(again.statusCode, 401)
    equal(again.json().error.name, 'LinkRefused')
  })

  it('are nothing without a cookie', async () => {
    const answer = await server.app.inject({ method: 'GET', url: '/api/v1/session' })
    equal(answer.statusCode, 401)
    equal(answer.json().error.name, 'SignInNeeded')
  })

  it('set a cookie that no script reads and no other site sends', async () => {
    const { member } = await server.signIn('viewer')
    const { token: link } = await makeLink(server.operations, { member: member.id, validMs: 60_000, by: 'x' })
    const answer = await server.app.inject({ method: 'POST', url: '/api/v1/session', payload: { link } })
    match(
      String(answer.headers['set-cookie']),
      /^tributary_session_[0-9a-f]{8}=[\w-]+\.[\w-]+; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/,
    )
  })
})
