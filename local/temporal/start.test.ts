import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client } from '@temporalio/client'
import { SEARCH_ATTRIBUTES } from '../../runtime/search-attributes.js'
import { connectTemporal } from '../../runtime/temporal-client.js'
import { startTemporal, type Temporal } from './start.js'

describe('startTemporal', function () {
  this.timeout(180_000)
  let dir: string
  let temporal: Temporal | undefined

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'tributary-temporal-'))
  })
  afterEach(async () => {
    await temporal?.kill()
    await rm(dir, { recursive: true, force: true })
  })

  const withClient = async <T>(address: string, use: (client: Client) => Promise<T>): Promise<T> => {
    const { client, close } = await connectTemporal({ address, namespace: 'default', tls: false }, 60_000)
    try {
      return await use(client)
    } finally {
      await close()
    }
  }
  const searchAttributes = async (client: Client) => {
    const { customAttributes } = await client.connection.operatorService.listSearchAttributes({
      namespace: 'default',
    })
    return Object.keys(customAttributes ?? {}).sort()
  }

  it('serves the namespace, every search attribute and the Web UI once it resolves', async () => {
    temporal = await startTemporal({ dbFile: join(dir, 'temporal.db') })
    const names = await withClient(temporal.address, searchAttributes)
    assert.deepEqual(names, Object.keys(SEARCH_ATTRIBUTES).sort())
    assert.equal((await fetch(temporal.uiUrl)).status, 200)
  })

  it('keeps a schedule over kill -9 and goes on at the same address', async () => {
    const dbFile = join(dir, 'temporal.db')
    temporal = await startTemporal({ dbFile })
    const { address, uiUrl, port, uiPort } = temporal
    await withClient(address, (client) =>
      client.schedule.create({
        scheduleId: 'sync/orders',
        spec: { intervals: [{ every: '1h' }] },
        action: {
          type: 'startWorkflow',
          workflowType: 'syncSource',
          taskQueue: 'tributary',
          typedSearchAttributes: [{ key: { name: 'Source', type: 'KEYWORD' }, value: 'orders' }],
        },
      }),
    )
    await temporal.kill()
    temporal = await startTemporal({ dbFile, port, uiPort })
    assert.deepEqual([temporal.address, temporal.uiUrl], [address, uiUrl])
    const description = await withClient(address, (client) =>
      client.schedule.getHandle('sync/orders').describe(),
    )
    assert.equal(description.scheduleId, 'sync/orders')
  })

  it('registers search attributes that an older file lacks', async () => {
    const dbFile = join(dir, 'temporal.db')
    temporal = await startTemporal({ dbFile, searchAttributes: { Source: 'Keyword' } })
    await temporal.stop()
    temporal = await startTemporal({ dbFile, searchAttributes: { Source: 'Keyword', RowsLoaded: 'Int' } })
    assert.deepEqual(await withClient(temporal.address, searchAttributes), ['RowsLoaded', 'Source'])
  })

  it('stops cleanly and may be stopped again', async () => {
    temporal = await startTemporal({ dbFile: join(dir, 'temporal.db') })
    await temporal.stop()
    await temporal.stop()
    assert.deepEqual(await temporal.exited, { code: 0, signal: null })
  })

  it('names a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    try {
      await assert.rejects(startTemporal({ dbFile: join(dir, 'temporal.db'), port }), {
        message: `starting Temporal: gRPC port ${port} is taken; free it or choose another`,
      })
    } finally {
      other.close()
    }
  })

  it('says what the server said when it cannot start', async () => {
    await assert.rejects(
      startTemporal({
        dbFile: join(dir, 'temporal.db'),
        searchAttributes: { 'not valid': 'Nonsense' as 'Keyword' },
      }),
      /^Error: starting Temporal: it ended \(exit code 1\) before it was ready\n.*Nonsense/s,
    )
  })
})
