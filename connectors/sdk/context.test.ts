import assert from 'node:assert/strict'
import { sep } from 'node:path'
import { createConnectorContext } from './context.js'
import type { HttpRequestMetric } from './http/create-client.js'
import { memorySecrets } from './testing/context.js'
import { createFaultServer } from './testing/fault-server.js'

describe('createConnectorContext', () => {
  it('gives HTTP clients that log masked, count requests, and close with the context', async () => {
    const server = await createFaultServer({ '/*': () => ({ status: 204 }) })
    const lines: unknown[] = []
    const metrics: HttpRequestMetric[] = []
    const context = createConnectorContext({
      config: { token: 'tok-12345' },
      spec: { type: 'object', properties: { token: { type: 'string', writeOnly: true } } },
      signal: new AbortController().signal,
      log: {
        debug: (message, fields) => void lines.push([message, fields?.path]),
        info() {},
        warn() {},
      },
      secrets: memorySecrets(),
      allowPrivateAddresses: ['127.0.0.1'],
      workspaceDirectory: `${sep}workspace`,
      scratchDirectory: `${sep}scratch`,
      onRequest: (metric) => void metrics.push(metric),
    })
    await context.http({ baseUrl: server.url }).get(`/bot${context.config.token}/me`)
    context.close()
    context.close()
    while ((await server.openConnections()) > 0) await new Promise((resolve) => setImmediate(resolve))
    await server.close()
    assert.deepEqual(lines, [['http request', '/bot***/me']])
    assert.deepEqual(
      metrics.map(({ method, status }) => [method, status]),
      [['GET', 204]],
    )
  })
  it('refuses private addresses by default, and resolves paths from the workspace', async () => {
    const context = createConnectorContext({
      config: {},
      signal: new AbortController().signal,
      log: { debug() {}, info() {}, warn() {} },
      secrets: memorySecrets(),
      workspaceDirectory: `${sep}workspace`,
      scratchDirectory: `${sep}scratch`,
    })
    await assert.rejects(context.http().get('http://127.0.0.1:1/'), { kind: 'ConfigInvalid' })
    assert.deepEqual(
      [context.resolvePath('data/a.csv'), context.resolvePath(`${sep}b`)],
      [`${sep}workspace${sep}data${sep}a.csv`, `${sep}b`],
    )
    context.close()
  })
})
