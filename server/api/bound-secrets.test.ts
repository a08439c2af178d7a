import { deepEqual, equal, match } from 'node:assert/strict'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { listActions } from '../../operations/members/audit.js'
import type { Role } from '../../operations/members/roles.js'
import { createToken } from '../../operations/members/tokens.js'
import { publishRevision, stageRevision } from '../../warehouse/revisions.js'
import { revisionHash } from '../../workspace/revision.js'
import { startTestServer, type TestServer, type TestSession } from '../testing/test-server.js'

const SIGNING_SECRET = 'whsec_c2lnbmluZyBzZWNyZXQgb2YgYSB0ZXN0IQ=='
const KEY = 'the key of the shop'
const KEY_REFERENCE = `\${secret:SHOP_KEY}`
const SIGNING_REFERENCE = `\${secret:SHOP_SIGNING}`

/** A receiver of webhooks that keeps what it hears. */
interface Receiver {
  readonly url: string
  /** Values of the header `x-key`. */
  readonly keys: string[]
  close(): void
}

describe('secrets that are kept', function () {
  this.timeout(120_000)
  let server: TestServer
  let good: Receiver
  let evil: Receiver
  const sessions = new Map<Role, TestSession>()

  before(async () => {
    server = await startTestServer({
      env: {
        TRIBUTARY_ALLOW_PRIVATE_ADDRESSES: '127.0.0.1',
        TRIBUTARY_SECRET_SHOP_KEY: KEY,
        TRIBUTARY_SECRET_SHOP_SIGNING: SIGNING_SECRET,
        TRIBUTARY_SECRET_OTHER_KEY: 'of another tool',
      },
    })
    for (const role of ['marketer', 'operator'] as const) sessions.set(role, await server.signIn(role))
    ;[good, evil] = await Promise.all([startReceiver(), startReceiver()])
  })
  after(async () => {
    good?.close()
    evil?.close()
    await server?.close()
  })
  beforeEach(async () => {
    good.keys.length = 0
    evil.keys.length = 0
    await writeDraft('shop', fileText())
  })

  const configOf = (url: string, more: object = {}) => ({
    url,
    secret: SIGNING_REFERENCE,
    headers: { 'x-key': KEY_REFERENCE },
    ...more,
  })
  const fileText = (config: object = configOf(good.url)) =>
    JSON.stringify({ connector: 'destination-webhook', config })
  async function writeDraft(id: string, text: string) {
    const folder = join(server.operations.workspaceDir, 'destinations')
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, `${id}.yaml`), text)
  }
  const readDraft = (id: string) =>
    readFile(join(server.operations.workspaceDir, 'destinations', `${id}.yaml`), 'utf8')
  const send = (role: Role, method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, payload?: object) =>
    sessions.get(role)!.send({ method, url: `/api/v1${url}`, ...(payload && { payload }) })
  const check = (role: Role, config: object, id = 'shop') =>
    send(role, 'POST', '/connectors/destination-webhook/check', { id, config })
  async function put(role: Role, config: object, id = 'shop') {
    const { etag } = (await send(role, 'GET', `/destinations/${id}`)).json<{ etag?: string }>()
    return sessions.get(role)!.send({
      method: 'PUT',
      url: `/api/v1/destinations/${id}`,
      headers: etag === undefined ? {} : { 'if-match': etag },
      payload: { definition: { connector: 'destination-webhook', config } },
    })
  }

  /** What a marketer must not get out, by whatever route a config reaches a connector. */
  const attempts: readonly (readonly [words: string, config: () => object, id?: string])[] = [
    ['with another address', () => configOf(evil.url)],
    ['with another address and one secret typed', () => configOf(evil.url, { secret: SIGNING_SECRET })],
    ['for a new tool', () => configOf(evil.url), 'fresh'],
    ['for a new tool under the address of before', () => configOf(good.url), 'fresh'],
    ['inside of the address', () => ({ url: `${evil.url}/?key=${KEY_REFERENCE}`, secret: SIGNING_SECRET })],
    [
      'of another tool',
      () => ({ url: good.url, secret: SIGNING_REFERENCE, headers: { 'x-key': `\${secret:OTHER_KEY}` } }),
    ],
    [
      'inside of a longer text',
      () => ({ url: evil.url, secret: SIGNING_SECRET, headers: { 'x-key': `Bearer ${KEY_REFERENCE}` } }),
    ],
  ]
  for (const [words, config, id] of attempts)
    it(`are refused to a marketer ${words}: tested, discovered and saved`, async () => {
      const before = await readDraft('shop')
      const answers = [
        await check('marketer', config(), id),
        await send('marketer', 'POST', '/connectors/destination-webhook/discover', {
          id: id ?? 'shop',
          config: config(),
        }),
        await put('marketer', config(), id),
      ]
      deepEqual(
        answers.map((answer) => [answer.statusCode, answer.json<{ error: { name: string } }>().error.name]),
        answers.map(() => [403, 'SecretRefused']),
      )
      deepEqual(evil.keys, [])
      equal(await readDraft('shop'), before)
    })

  it('that stand in a file themselves are refused at another address, too', async () => {
    await writeDraft('shop', fileText({ url: good.url, secret: SIGNING_SECRET, headers: { 'x-key': KEY } }))
    const shown = (await send('marketer', 'GET', '/destinations/shop')).json<{
      definition: { config: object }
    }>().definition.config
    equal((await check('marketer', { ...shown, url: evil.url })).statusCode, 403)
    equal((await put('marketer', { ...shown, url: evil.url })).statusCode, 403)
    deepEqual((await check('marketer', shown)).json<{ check: { ok: boolean } }>().check.ok, true)
    deepEqual([good.keys, evil.keys], [[KEY], []])
  })

  it('are refused in words, at their fields, and the audit log says so', async () => {
    const answer = await check('marketer', configOf(evil.url))
    const remedy = 'type it again, since Address changed'
    deepEqual(answer.json(), {
      error: {
        name: 'SecretRefused',
        message: `using the secrets of the destination shop: Signing secret was given for another connection; ${remedy}`,
        problems: [
          { path: 'config.secret', message: 'Signing secret was given for another connection', remedy },
          { path: 'config.headers.x-key', message: 'Headers was given for another connection', remedy },
        ],
      },
    })
    const [entry] = await listActions(server.operations, { action: 'secrets refuse' })
    deepEqual(
      [entry?.actor, entry?.subject, entry?.detail],
      [sessions.get('marketer')!.member.name, 'shop', 'of the destination shop: Signing secret, Headers'],
    )
  })

  it('stay usable where nothing of the connection changes', async () => {
    const config = configOf(good.url, { batch_size: 5 })
    deepEqual((await check('marketer', config)).json<{ check: { ok: boolean } }>().check.ok, true)
    deepEqual(good.keys, [KEY])
    equal((await put('marketer', config)).statusCode, 200)
    match(await readDraft('shop'), /"batch_size": 5|batch_size: 5/)
    const checked = await send('marketer', 'POST', '/destinations/shop/check')
    deepEqual(checked.json<{ ok: boolean }>().ok, true)
  })

  it('follow operators to another address, and the audit log says so', async () => {
    const answer = await check('operator', configOf(evil.url))
    equal(answer.json<{ check: { ok: boolean } }>().check.ok, true)
    deepEqual(evil.keys, [KEY])
    const [entry] = await listActions(server.operations, { action: 'secrets move' })
    deepEqual(
      [entry?.actor, entry?.detail],
      [sessions.get('operator')!.member.name, 'of the destination shop: Signing secret, Headers'],
    )
    equal((await put('operator', configOf(evil.url))).statusCode, 200)
    // What an operator decided, a marketer goes on with.
    equal((await check('marketer', configOf(evil.url))).statusCode, 200)
    equal((await check('marketer', configOf(good.url))).statusCode, 403)
  })

  it('are refused to a token that is less than its maker', async () => {
    const { token } = await createToken(server.operations, {
      name: 'forms',
      role: 'marketer',
      validMs: 60_000,
      by: 'a test',
    })
    const answer = await server.app.inject({
      method: 'POST',
      url: '/api/v1/connectors/destination-webhook/check',
      headers: { authorization: `Bearer ${token}` },
      payload: { id: 'shop', config: configOf(evil.url) },
    })
    equal(answer.statusCode, 403)
  })

  it('may be those that are published, where the draft has others', async () => {
    const files = {
      'tributary.yaml': 'workspace: test\n',
      'destinations/live.yaml': fileText(configOf(good.url)),
    }
    const warehouse = await server.operations.warehouse()
    const revision = revisionHash(files)
    await stageRevision(warehouse, { revision, files })
    await publishRevision(warehouse, {
      revision,
      number: 1,
      parent: '',
      author: 'a test',
      message: '',
      appliedAt: new Date().toISOString(),
    })
    await writeDraft('live', fileText({ url: evil.url, secret: `\${secret:OF_THE_DRAFT}` }))
    equal((await check('marketer', configOf(good.url), 'live')).statusCode, 200)
    deepEqual(good.keys, [KEY])
    equal((await check('marketer', configOf(evil.url), 'live')).statusCode, 403)
  })

  it('that a marketer types work at once, are kept for that address, and are theirs to type anew', async () => {
    const typed = (url: string) => ({ url, secret: SIGNING_SECRET, headers: { 'x-key': 'typed' } })
    type Answer = { check: { ok: boolean }; config: { secret: string; url: string } }
    const tried = (await check('marketer', typed(good.url), 'mine')).json<Answer>()
    equal(tried.check.ok, true)
    // What came back is for this address alone, whoever sends it and for whatever.
    const moved = { ...tried.config, url: evil.url }
    for (const id of ['mine', 'shop', 'fresh']) equal((await check('marketer', moved, id)).statusCode, 403)
    equal((await check('marketer', tried.config, 'fresh')).statusCode, 403)
    equal((await put('marketer', moved, 'mine')).statusCode, 403)
    equal((await put('marketer', tried.config, 'mine')).statusCode, 200)
    const kept = (await send('marketer', 'GET', '/destinations/mine')).json<{
      definition: { config: { secret: string } }
    }>().definition.config
    equal(kept.secret, `\${secret:DESTINATION_MINE__SECRET}`)
    equal((await check('marketer', kept, 'mine')).json<Answer>().check.ok, true)
    equal((await check('marketer', { ...kept, url: evil.url }, 'mine')).statusCode, 403)
    deepEqual([...new Set(good.keys)], ['typed'])
    deepEqual(evil.keys, [])
    // Typed again for another address: the one before keeps its own.
    equal((await put('marketer', typed(evil.url), 'mine')).statusCode, 200)
    match(await readDraft('mine'), /DESTINATION_MINE__SECRET_2/)
    equal(await server.operations.secrets.get('DESTINATION_MINE__SECRET'), SIGNING_SECRET)
  })

  it('come back with a draft that was removed by mistake, and go nowhere else by that', async () => {
    equal((await put('marketer', { url: good.url, secret: SIGNING_SECRET }, 'undone')).statusCode, 200)
    const { etag, definition } = (await send('marketer', 'GET', '/destinations/undone')).json<{
      etag: string
      definition: { config: object }
    }>()
    const removed = await sessions.get('marketer')!.send({
      method: 'DELETE',
      url: '/api/v1/destinations/undone',
      headers: { 'if-match': etag },
    })
    equal(removed.statusCode, 200)
    equal((await put('marketer', { ...definition.config, url: evil.url }, 'undone')).statusCode, 403)
    equal((await put('marketer', definition.config, 'undone')).statusCode, 200)
  })

  it('are given once where two save the same new thing at once', async () => {
    const save = (url: string) => put('marketer', { url, secret: SIGNING_SECRET }, 'raced')
    const answers = await Promise.all([save(good.url), save(evil.url)])
    deepEqual(answers.map(({ statusCode }) => statusCode).sort(), [200, 409])
    const names = await server.operations.secrets.list()
    deepEqual(
      names.filter((name) => name.startsWith('DESTINATION_RACED')),
      ['DESTINATION_RACED__SECRET'],
    )
  })
})

async function startReceiver(): Promise<Receiver> {
  const keys: string[] = []
  const http: Server = createServer((request, response) => {
    const key = request.headers['x-key']
    if (typeof key === 'string') keys.push(key)
    response.writeHead(204).end()
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/hook`, keys, close: () => http.close() }
}
