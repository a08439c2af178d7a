import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import type { FaultServer } from '../fault-server.js'
import { createFaultProxy } from './fault-proxy.js'

describe('createFaultProxy', () => {
  const seen: { url: string; method: string; headers: IncomingMessage['headers']; body: Buffer }[] = []
  const answer = gzipSync('{"ok":true}')
  let vendor: Server
  let proxy: FaultServer
  before(async () => {
    vendor = createServer(async (incoming, outgoing) => {
      const chunks: Buffer[] = []
      for await (const chunk of incoming) chunks.push(chunk as Buffer)
      const { url = '', method = '', headers } = incoming
      seen.push({ url, method, headers, body: Buffer.concat(chunks) })
      outgoing.writeHead(207, { 'content-type': 'application/json', 'content-encoding': 'gzip', etag: '"1"' })
      outgoing.end(answer)
    })
    vendor.listen(0, '127.0.0.1')
    await once(vendor, 'listening')
    proxy = await createFaultProxy(`http://127.0.0.1:${(vendor.address() as AddressInfo).port}/base`)
  })
  beforeEach(() => {
    seen.length = 0
    proxy.reset()
  })
  after(async () => {
    await proxy.close()
    vendor.closeAllConnections()
    await new Promise((resolve) => vendor.close(resolve))
  })

  it('carries path, query, headers and bytes as they are, and the answer back', async () => {
    const body = Uint8Array.from([0, 255, 10, 13, 128])
    const response = await fetch(`${proxy.url}/a%2Fb%20c?q=%20x+y&q=2`, {
      method: 'PUT',
      headers: { authorization: 'Signature abc' },
      body,
    })
    const [request] = seen
    assert.deepEqual(
      [request?.method, request?.url, request?.headers.authorization, request?.headers.host],
      ['PUT', '/base/a%2Fb%20c?q=%20x+y&q=2', 'Signature abc', new URL(proxy.url).host],
    )
    assert.deepEqual(new Uint8Array(request!.body), body)
    assert.deepEqual(
      [response.status, response.headers.get('etag'), await response.json()],
      [207, '"1"', { ok: true }],
    )
  })
  it('answers with a fault in the place of the vendor, or after it has acted', async () => {
    proxy.inject(() => ({ status: 503, body: {} }))
    assert.equal((await fetch(proxy.url)).status, 503)
    assert.equal(seen.length, 0)
    proxy.reset()
    proxy.inject(async (_, vendors) => {
      await vendors()
      return { hangUp: true }
    })
    await assert.rejects(fetch(proxy.url))
    assert.equal(seen.length, 1)
  })
})
