import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { accepts, freePort, isPortFree, retryTakenPort } from './ports.js'

describe('ports', () => {
  it('gives a port that nobody listens on, and sees when somebody does', async () => {
    const port = await freePort()
    assert.deepEqual([await isPortFree(port), await accepts(port)], [true, false])
    const server = createServer().listen(port, '127.0.0.1')
    await once(server, 'listening')
    assert.deepEqual([await isPortFree(port), await accepts(port)], [false, true])
    server.close()
  })

  for (const { error, attempts } of [
    { error: 'could not bind IPv4 address "127.0.0.1": Address already in use', attempts: 5 },
    { error: 'panic: failed assigning ephemeral port: failed to assign a free port', attempts: 5 },
    { error: 'no such file', attempts: 1 },
  ]) {
    it(`tries ${attempts} times when a start fails with: ${error}`, async () => {
      let tried = 0
      await assert.rejects(
        retryTakenPort(async () => {
          tried++
          throw new Error(error)
        }),
        { message: error },
      )
      assert.equal(tried, attempts)
    })
  }
})
