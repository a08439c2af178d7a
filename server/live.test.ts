import { deepEqual, equal, match } from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { changeRole, removeMember, signOutEverywhere } from '../operations/members/members.js'
import { createToken, revokeToken } from '../operations/members/tokens.js'
import { routes } from './api/index.js'
import { defineEvents } from './route.js'
import { object, personal, text } from './schema.js'
import { startTestServer, type TestServer, type TestSession } from './testing/test-server.js'

const HOLD = new AbortController().signal

/** Says one thing, then waits for its signal. */
const oneThing = defineEvents({
  path: '/api/v1/test/things',
  role: 'viewer',
  summary: 'One thing',
  event: object({ name: personal(text) }),
  async handle({ signal }) {
    return (async function* () {
      yield { name: 'Ada' }
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
      ended += 1
    })()
  },
})
let ended = 0

describe('server-sent events', function () {
  this.timeout(120_000)
  let server: TestServer
  let url: string

  before(async () => {
    server = await startTestServer({ routes: [...routes, oneThing] })
    await server.app.listen({ host: '127.0.0.1', port: 0 })
    url = `http://127.0.0.1:${(server.app.server.address() as AddressInfo).port}`
  })
  after(() => server?.close())

  const listen = ({ cookie }: TestSession, path: string, signal: AbortSignal = HOLD) =>
    fetch(url + path, { headers: { cookie: `${server.services.cookieName}=${cookie}` }, signal })

  it('come with the headers that keep them flowing, masked for those who may not see', async () => {
    const [viewer, marketer] = [await server.signIn('viewer'), await server.signIn('marketer')]
    const said = async (session: TestSession) => {
      const leave = new AbortController()
      const answer = await listen(session, '/api/v1/test/things', leave.signal)
      equal(answer.headers.get('content-type'), 'text/event-stream; charset=utf-8')
      equal(answer.headers.get('cache-control'), 'no-store')
      match(answer.headers.get('content-security-policy') ?? '', /default-src 'none'/)
      const text = await read(answer, (soFar) => soFar.includes('data:'))
      leave.abort()
      return text
    }
    match(await said(viewer), /data: \{"name":"•••"\}/)
    match(await said(marketer), /data: \{"name":"Ada"\}/)
  })

  it('tell of what others change through the page', async () => {
    const [ada, bob] = [await server.signIn('marketer'), await server.signIn('viewer')]
    const leave = new AbortController()
    const answer = await listen(bob, '/api/v1/events', leave.signal)
    await read(answer, (soFar) => soFar.includes('hello'))
    await ada.send({ method: 'PUT', url: '/api/v1/secrets/A_SECRET', payload: { value: 'x' } })
    const heard = await read(answer, (soFar) => soFar.includes('data:'))
    deepEqual(/data: (.*)/.exec(heard)?.[1], '{"type":"workspace","id":""}')
    leave.abort()
  })

  it('tell of files that an engineer edits beside the page', async () => {
    const bob = await server.signIn('viewer')
    const leave = new AbortController()
    const answer = await listen(bob, '/api/v1/events', leave.signal)
    await read(answer, (soFar) => soFar.includes('hello'))
    const file = join(server.operations.workspaceDir, 'tributary.yaml')
    // The first look is what changes are told from.
    const writing = setInterval(() => void writeFile(file, `workspace: test # ${performance.now()}\n`), 100)
    const heard = await read(answer, (soFar) => soFar.includes('drafts')).finally(() =>
      clearInterval(writing),
    )
    match(heard, /data: \{"type":"workspace","id":"drafts"\}/)
    leave.abort()
  })

  it('are no answer to who asks for headers alone, which would wait for ever', async () => {
    const { cookie } = await server.signIn('viewer')
    for (const path of ['/api/v1/events', '/api/v1/segments/some/export']) {
      const answer = await fetch(url + path, {
        method: 'HEAD',
        headers: { cookie: `${server.services.cookieName}=${cookie}` },
      })
      equal(answer.status, 404, path)
    }
  })

  it('end when the reader leaves', async () => {
    const viewer = await server.signIn('viewer')
    const before = ended
    const leave = new AbortController()
    const answer = await listen(viewer, '/api/v1/test/things', leave.signal)
    await read(answer, (soFar) => soFar.includes('data:'))
    leave.abort()
    while (ended === before) await new Promise((resolve) => setImmediate(resolve))
  })

  const reading = async (session: TestSession, work: () => Promise<unknown>) => {
    const answer = await listen(session, '/api/v1/test/things')
    await read(answer, (soFar) => soFar.includes('data:'))
    await work()
    // Only the server's end of the line ends this.
    await read(answer, () => false)
    const again = new AbortController()
    const { status } = await listen(session, '/api/v1/test/things', again.signal)
    again.abort()
    return status
  }

  it('end for a member who is removed', async () => {
    const gone = await server.signIn('viewer')
    equal(await reading(gone, () => removeMember(server.operations, gone.member.id, { by: 'a test' })), 401)
  })

  it('end for a member who signs out, or is signed out everywhere', async () => {
    const [here, everywhere] = [await server.signIn('viewer'), await server.signIn('viewer')]
    equal(await reading(here, () => here.send({ method: 'DELETE', url: '/api/v1/session' })), 401)
    const signOut = () => signOutEverywhere(server.operations, everywhere.member.id, { by: 'a test' })
    equal(await reading(everywhere, signOut), 401)
  })

  it('end for a member of another role, and are masked by the new one from then on', async () => {
    const eve = await server.signIn('marketer')
    const change = () => changeRole(server.operations, eve.member.id, { role: 'viewer', by: 'a test' })
    equal(await reading(eve, change), 200)
    const leave = new AbortController()
    const again = await listen(eve, '/api/v1/test/things', leave.signal)
    match(await read(again, (soFar) => soFar.includes('data:')), /data: \{"name":"•••"\}/)
    leave.abort()
  })

  it('end for a program whose token is revoked', async () => {
    const { token } = await createToken(server.operations, {
      name: 'follower',
      role: 'viewer',
      validMs: 60_000,
      by: 'a test',
    })
    server.services.directory.refresh()
    const answer = await fetch(`${url}/api/v1/test/things`, { headers: { authorization: `Bearer ${token}` } })
    await read(answer, (soFar) => soFar.includes('data:'))
    await revokeToken(server.operations, 'follower', { by: 'a test' })
    await read(answer, () => false)
  })

  it('are so many for one member, and no more', async () => {
    const viewer = await server.signIn('viewer')
    const leave = new AbortController()
    const open = await Promise.all(
      Array.from({ length: 30 }, () => listen(viewer, '/api/v1/test/things', leave.signal)),
    )
    deepEqual(new Set(open.map(({ status }) => status)), new Set([200]))
    const more = await listen(viewer, '/api/v1/test/things')
    deepEqual(
      [more.status, ((await more.json()) as { error: { name: string } }).error.name],
      [429, 'TooMany'],
    )
    const other = await server.signIn('viewer')
    equal((await listen(other, '/api/v1/test/things', leave.signal)).status, 200)
    leave.abort()
  })

  it('end with the server, which waits for nobody', async () => {
    const viewer = await server.signIn('viewer')
    const answer = await listen(viewer, '/api/v1/test/things')
    await read(answer, (soFar) => soFar.includes('data:'))
    const closing = server.app.close()
    await read(answer, () => false)
    await closing
  })
})

const readers = new WeakMap<Response, ReadableStreamDefaultReader<Uint8Array>>()

/** What came until it is enough, or nothing more comes. */
async function read(answer: Response, isEnough: (soFar: string) => boolean): Promise<string> {
  const reader = readers.get(answer) ?? answer.body!.getReader()
  readers.set(answer, reader as ReadableStreamDefaultReader<Uint8Array>)
  const decoder = new TextDecoder()
  let soFar = ''
  while (!isEnough(soFar)) {
    const { done, value } = await reader.read()
    if (done) break
    soFar += decoder.decode(value, { stream: true })
  }
  return soFar
}
