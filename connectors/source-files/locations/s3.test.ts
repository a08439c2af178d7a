import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { createFaultServer } from '@tributary/connector-sdk/testing'
import { type Harness, harness } from '../source-harness.testing.js'
import type { FilesConfig } from '../spec.js'
import { type S3Store, STORE_KEY, startS3Store } from './s3-store.testing.js'

describe('files of an S3-compatible store', () => {
  let store: S3Store
  let files: Harness
  before(async () => {
    store = await startS3Store()
  })
  after(() => store.close())
  beforeEach(async () => {
    files = await harness()
  })
  afterEach(() => files.remove())

  const config = (s3: Record<string, unknown> = {}): Partial<FilesConfig> => ({
    location: { s3: { bucket: 'exports', endpoint: store.endpoint, ...STORE_KEY, ...s3 } },
  })

  it('lists below the prefix, signs, and reads what is new only', async () => {
    store.put('daily/orders/1 é+(a)!.csv', 'id,total\n1,2.50\n')
    store.put('daily/orders/2.csv.gz', gzipSync('id,total\n2,3.75\n'))
    store.put('other/orders/3.csv', 'id,total\n3,1\n')
    const daily = config({ prefix: 'daily/' })
    const first = await files.read('orders', { config: daily })
    store.put('daily/orders/4.csv', 'id,total\n4,4.5\n')
    const second = await files.read('orders', { config: daily, state: first.states.at(-1) })
    assert.deepEqual(
      [first, second].map(({ records }) => records.map(({ id }) => id).sort()),
      [[1, 2], [4]],
    )
  })

  it('lists more objects than one page holds', async () => {
    for (let index = 0; index < 2010; index++) store.put(`many/t/${index}.csv`, `id\n${index}\n`)
    const { records } = await files.read('t', { config: config({ prefix: 'many/' }) })
    assert.equal(new Set(records.map(({ id }) => id)).size, 2010)
  }).timeout(60_000)

  for (const [name, s3, kind, message] of [
    ['a bucket that does not exist', { bucket: 'nowhere' }, 'ConfigInvalid', /NoSuchBucket/],
    ['a wrong secret', { secret_access_key: 'wrong-secret' }, 'AuthExpired', /SignatureDoesNotMatch/],
    ['an unknown key', { access_key_id: 'nobody' }, 'AuthExpired', /InvalidAccessKeyId/],
  ] as const)
    it(`refuses ${name}, and says no secret`, () =>
      assert.rejects(files.check(config(s3)), (error: Error & { kind?: string }) => {
        assert.deepEqual(
          [error.kind, message.test(error.message), error.message.includes('wrong-secret')],
          [kind, true, false],
        )
        return true
      }))

  for (const [code, status, kind] of [
    ['ExpiredToken', 400, 'AuthExpired'],
    ['AccessDenied', 403, 'PermissionDenied'],
    ['PermanentRedirect', 301, 'ConfigInvalid'],
  ] as const)
    it(`says ${kind} for ${code}`, async () => {
      const faulty = await createFaultServer({
        '/*': () => ({ status, body: `<Error><Code>${code}</Code></Error>` }),
      })
      try {
        await assert.rejects(files.check(config({ endpoint: faulty.url })), { kind, code })
      } finally {
        await faulty.close()
      }
    })

  it('refuses an endpoint that is no store', async () => {
    const page: Server = createServer((_, response) => response.end('<html>hello</html>'))
    await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve))
    try {
      const url = `http://127.0.0.1:${(page.address() as AddressInfo).port}`
      await assert.rejects(files.check(config({ endpoint: url })), { kind: 'ConfigInvalid' })
    } finally {
      page.close()
    }
  })

  it('refuses an endpoint on a private address unless it is allowed', () =>
    assert.rejects(files.read('orders', { config: config(), allowPrivateAddresses: false }), {
      kind: 'ConfigInvalid',
    }))
})
