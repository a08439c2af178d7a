import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, testContext } from '@tributary/connector-sdk/testing'
import { skipWithout } from '../server.testing.js'
import type { Store } from '../store.js'
import { multipartUpload, PART_BYTES } from './multipart.js'
import { RCLONE_REMEDY, type S3Server, startS3Server } from './rclone.testing.js'
import { type S3Client, s3Client } from './s3-client.js'
import { s3Store } from './s3-store.js'

const HASH_OF = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

describe('objects of an S3-compatible store', function () {
  this.timeout(60_000)
  let server: S3Server | undefined
  let context: TestContext<unknown>
  let client: S3Client
  let store: Store
  before(async function () {
    this.timeout(180_000)
    server = await startS3Server()
    if (server === undefined) skipWithout(this, "rclone's S3 server", RCLONE_REMEDY)
  })
  after(() => server?.stop())
  beforeEach(() => {
    context = testContext<unknown>({})
    client = s3Client(server!.config, context)
    store = s3Store(client, server!.config, { copyBytes: PART_BYTES, pageKeys: 10 })
  })
  afterEach(() => context.close())

  /** Chunks of uneven sizes that no part's end falls on. */
  function* bytesOf(total: number): Generator<Uint8Array> {
    for (let left = total, size = 1_000_003; left > 0; left -= size)
      yield Buffer.alloc(Math.min(size, left), `${left},`)
  }

  for (const [title, bytes] of [
    ['nothing', 0],
    ['a byte', 1],
    ['exactly a part', PART_BYTES],
    ['a byte more than a part', PART_BYTES + 1],
    ['several parts', 3 * PART_BYTES + 12_345],
  ] as const)
    it(`writes, reads and copies ${title}`, async () => {
      const expected = Buffer.concat([...bytesOf(bytes)])
      await store.write('crm/a é+(1)!.csv', bytesOf(bytes))
      await store.copy('crm/a é+(1)!.csv', 'latest.csv')
      for (const name of ['crm/a é+(1)!.csv', 'latest.csv']) {
        const chunks: Buffer[] = []
        for await (const chunk of await store.read(name)) chunks.push(chunk as Buffer)
        assert.equal(HASH_OF(Buffer.concat(chunks)), HASH_OF(expected))
        assert.equal(HASH_OF(await readFile(join(server!.folder, name))), HASH_OF(expected))
      }
    })

  it('leaves the old object where the new one breaks off', async () => {
    await store.write('members.csv', [Buffer.from('old')])
    const broken = (function* () {
      yield* bytesOf(2 * PART_BYTES)
      throw new Error('the rows broke off')
    })()
    await assert.rejects(store.write('members.csv', broken), { message: 'the rows broke off' })
    assert.equal(String(await store.get('members.csv')), 'old')
  })

  it('ends the upload that a crash left behind, and no other', async () => {
    await (await multipartUpload(client, 'members.csv', {})).put(Buffer.alloc(PART_BYTES))
    const other = await multipartUpload(client, 'members.csv.gz', {})
    await other.put(Buffer.alloc(PART_BYTES))
    await store.write('members.csv', bytesOf(PART_BYTES + 1))
    const query = { uploads: '', prefix: 'members.csv' }
    const { body } = await client.send('listing uploads', { method: 'GET', key: '', query })
    assert.deepEqual(
      [...body.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => key),
      ['members.csv.gz'],
    )
    await other.abort()
  })

  it('lists more objects than one page holds, and removes them', async () => {
    const names = Array.from({ length: 25 }, (_, index) => `many/${String(index).padStart(5, '0')}`)
    for (const name of names) await store.write(name, [Buffer.from('x')])
    assert.deepEqual((await store.list('many')).sort(), names)
    await store.remove([...names, 'many/never-there'])
    assert.deepEqual(await store.list('many'), [])
  })

  it('has nothing of what does not exist', async () => {
    assert.equal(await store.get('nothing'), undefined)
    await assert.rejects(store.read('nothing'), { kind: 'SourceUnavailable', code: 'NoSuchKey' })
  })

  it('leaves nothing behind by its check', async () => {
    const objects = async (): Promise<string[]> => {
      const entries = await readdir(server!.folder, { recursive: true, withFileTypes: true })
      return entries.filter((entry) => entry.isFile()).map(({ name }) => name)
    }
    const before = await objects()
    await store.check()
    assert.deepEqual(await objects(), before)
  })

  it('refuses an endpoint on a private address unless it is allowed', async () => {
    const refused = testContext<unknown>({}, { allowPrivateAddresses: false })
    try {
      const guarded = s3Store(s3Client(server!.config, refused), server!.config)
      await assert.rejects(guarded.check(), { kind: 'ConfigInvalid' })
    } finally {
      refused.close()
    }
  })
})
