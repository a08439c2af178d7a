import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, testContext } from '@tributary/connector-sdk/testing'
import ssh2 from 'ssh2'
import type { SftpConfig } from '../../config.js'
import { skipWithout } from '../server.testing.js'
import type { Store } from '../store.js'
import { sftpStore } from './sftp-store.js'
import { SSHD_REMEDY, type Sshd, startSshd } from './sshd.testing.js'

const SCRATCH = '.tributary/winback/tmp'
const HASH_OF = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

describe('files of an SFTP server', function () {
  this.timeout(60_000)
  let server: Sshd | undefined
  let context: TestContext<unknown>
  let store: Store
  before(async function () {
    server = await startSshd()
    if (server === undefined) skipWithout(this, 'OpenSSH', SSHD_REMEDY)
  })
  after(() => server?.stop())
  beforeEach(async () => {
    context = testContext<unknown>({})
    store = await sftpStore(server!.config, context, SCRATCH)
  })
  afterEach(async () => {
    await store.close()
    context.close()
  })

  for (const bytes of [0, 1, 32 << 10, (1 << 20) + 1, 9_999_999])
    it(`writes, reads and copies ${bytes} bytes`, async () => {
      const expected = Buffer.alloc(bytes, 'ünï,\n')
      const half = bytes >> 1
      await store.write('crm/a é.csv', [expected.subarray(0, half), expected.subarray(half)])
      await store.copy('crm/a é.csv', 'latest.csv')
      for (const name of ['crm/a é.csv', 'latest.csv']) {
        const chunks: Buffer[] = []
        for await (const chunk of await store.read(name)) chunks.push(chunk as Buffer)
        assert.equal(HASH_OF(Buffer.concat(chunks)), HASH_OF(expected))
        assert.equal(HASH_OF(await readFile(join(server!.folder, name))), HASH_OF(expected))
      }
    })

  it('leaves the old file where the new one breaks off, and tidies up', async () => {
    await store.write('members.csv', [Buffer.from('old')])
    const broken = (function* () {
      yield Buffer.from('new')
      throw new Error('the rows broke off')
    })()
    await assert.rejects(store.write('members.csv', broken))
    assert.equal(String(await store.get('members.csv')), 'old')
    assert.deepEqual(await readdir(join(server!.folder, SCRATCH)), [])
    await store.tidy()
    await assert.rejects(readdir(join(server!.folder, SCRATCH)), { code: 'ENOENT' })
  })

  it('keeps what waits from other users of the server', async () => {
    await store.write('.tributary/winback/runs/r/0.part', [Buffer.from('x')])
    assert.equal((await stat(join(server!.folder, '.tributary'))).mode & 0o077, 0)
    assert.deepEqual(await store.list('.tributary/winback/runs'), ['.tributary/winback/runs/r/0.part'])
    await store.remove(['.tributary/winback/runs/r/0.part', 'never-there'])
    await store.tidy()
    assert.deepEqual(await store.list('.tributary'), [])
  })

  it('has nothing of what does not exist', async () => {
    assert.equal(await store.get('nothing'), undefined)
    assert.deepEqual(await store.list('nothing'), [])
  })

  const login = async (config: Partial<SftpConfig>, allowPrivateAddresses = true): Promise<void> => {
    const other = testContext<unknown>({}, { allowPrivateAddresses })
    try {
      await (await sftpStore({ ...server!.config, ...config }, other, SCRATCH)).close()
    } finally {
      other.close()
    }
  }

  it('says which key a server shows that is not the expected one, and logs not in', () =>
    assert.rejects(login({ host_keys: [`SHA256:${'A'.repeat(43)}`] }), (error: Error & { kind?: string }) => {
      assert.deepEqual(
        [error.kind, error.message.includes(server!.config.host_keys[0]!)],
        ['ConfigInvalid', true],
      )
      return true
    }))
  it('takes any of several keys', () =>
    login({ host_keys: [`SHA256:${'A'.repeat(43)}`, ...server!.config.host_keys] }))
  it('refuses a private address unless it is allowed', () =>
    assert.rejects(login({}, false), { kind: 'ConfigInvalid' }))
  it('wants a password or a key', () => {
    const { private_key: _, ...keyless } = server!.config
    return assert.rejects(sftpStore(keyless, context, SCRATCH), { kind: 'ConfigInvalid' })
  })
  it('reads a key with a passphrase, and says where that is wrong', async () => {
    const encryption = { passphrase: 'open', cipher: 'aes256-ctr', rounds: 16 }
    const key = ssh2.utils.generateKeyPairSync('ed25519', encryption).private
    // It can be read, and the server does not know it.
    await assert.rejects(login({ private_key: key, passphrase: 'open' }), { kind: 'AuthExpired' })
    await assert.rejects(login({ private_key: key, passphrase: 'wrong' }), { kind: 'ConfigInvalid' })
    await assert.rejects(login({ private_key: key }), { kind: 'ConfigInvalid' })
  })
})
