import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { connectTcp } from './connect.js'

describe('a guarded TCP connection', () => {
  let server: Server
  let port: number
  beforeEach(async () => {
    server = createServer((socket) => socket.on('error', () => undefined).pipe(socket))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    port = (server.address() as AddressInfo).port
  })
  afterEach(() => new Promise((resolve) => server.close(resolve)))

  const runtime = (allowPrivateAddresses: boolean | readonly string[] = true) => ({
    signal: new AbortController().signal,
    allowPrivateAddresses,
  })

  for (const host of ['127.0.0.1', 'localhost']) {
    it(`refuses ${host} unless it is allowed`, () =>
      assert.rejects(connectTcp({ host, port }, runtime(false)), { kind: 'ConfigInvalid' }))

    it(`carries bytes to ${host} where it is allowed`, async () => {
      const socket = await connectTcp({ host, port }, runtime([host]))
      socket.end('hello')
      const [echo] = (await once(socket, 'data')) as [Buffer]
      assert.equal(echo.toString(), 'hello')
      await once(socket, 'close')
    })
  }

  it('says where nobody listens', async () => {
    await new Promise((resolve) => server.close(resolve))
    await assert.rejects(connectTcp({ host: '127.0.0.1', port }, runtime()), {
      kind: 'SourceUnavailable',
      message: `connecting to 127.0.0.1:${port}: the connection was refused; check host and port`,
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  })

  it('refuses a host that is none', () =>
    assert.rejects(connectTcp({ host: 'a b/c', port }, runtime()), { kind: 'ConfigInvalid' }))

  it('breaks with the signal', async () => {
    const controller = new AbortController()
    const socket = await connectTcp(
      { host: '127.0.0.1', port },
      { signal: controller.signal, allowPrivateAddresses: true },
    )
    controller.abort(new Error('cancelled'))
    await assert.rejects(once(socket, 'data'), { message: 'cancelled' })
  })
})
