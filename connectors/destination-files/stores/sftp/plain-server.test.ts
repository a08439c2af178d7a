import assert from 'node:assert/strict'
import { type TestContext, testContext } from '@tributary/connector-sdk/testing'
import { type PlainServer, startPlainServer } from './plain-server.testing.js'
import { sftpStore } from './sftp-store.js'

for (const method of ['password', 'keyboard-interactive'] as const)
  describe(`an SFTP server without extensions that logs in by ${method}`, () => {
    let server: PlainServer
    let context: TestContext<unknown>
    before(async () => {
      server = await startPlainServer(method)
    })
    after(() => server.stop())
    beforeEach(() => {
      context = testContext<unknown>({})
    })
    afterEach(() => context.close())

    it('gets files, also in place of others', async () => {
      const store = await sftpStore(server.config, context, '.tributary/a/tmp')
      try {
        for (const text of ['old', 'new and longer'.repeat(10_000)]) {
          await store.write('crm/members.csv', [Buffer.from(text)])
          assert.equal(String(await store.get('crm/members.csv')), text)
        }
        assert.deepEqual([...server.files.keys()], ['crm/members.csv'])
      } finally {
        await store.close()
      }
    })
    it('refuses a wrong password, which is not told', () =>
      assert.rejects(
        sftpStore({ ...server.config, password: 'wrong-password' }, context, ''),
        (error: Error & { kind?: string }) => {
          assert.deepEqual([error.kind, error.message.includes('wrong-password')], ['AuthExpired', false])
          return true
        },
      ))
  })
