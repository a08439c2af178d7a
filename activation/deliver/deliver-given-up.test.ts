import { deepEqual, equal, rejects } from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Batch, ConnectorError, OK, type WriteResult } from '@tributary/connector-sdk'
import { testWriteContext } from '@tributary/connector-sdk/testing'
import { openTestEngine, type TestEngine } from '../../profiles/engine.testing.js'
import {
  type Attempt,
  attemptOf,
  freezePlan,
  NOTHING_YET,
  readLog,
  readState,
  take,
  testObject,
} from './deliver.testing.js'
import { deliverBatches, Superseded } from './deliver-batches.js'

describe('an attempt that was given up', () => {
  let engine: TestEngine
  before(async () => {
    engine = await openTestEngine()
  })
  beforeEach(() => engine.clear())
  after(() => engine.close())

  const batches = ['a', 'b', 'c'].map((name) => [
    { email: `${name}1`, fields: { name } },
    { email: `${name}2`, fields: { name } },
  ])

  describe('and wakes when another has gone on', () => {
    /** An attempt that stands still within its first write; `wake` lets it go on, an hour later. */
    async function standingStill(plan: Awaited<ReturnType<typeof freezePlan>>, attempt: Attempt = {}) {
      let now = 0
      let wake!: () => void
      const woken = new Promise<void>((resolve) => {
        wake = resolve
      })
      let writes!: () => void
      const writing = new Promise<void>((resolve) => {
        writes = resolve
      })
      const { object, told } = testObject({
        write: async (_context, batch) => {
          writes()
          await woken
          now = 3_600_000
          return take(told, batch)
        },
      })
      const ended = deliverBatches(
        ...attemptOf(engine.warehouse, plan, object, { ...attempt, now: () => now }),
      )
      ended.catch(() => undefined)
      await writing
      return { told, wake, ended }
    }

    it('notes nothing and sends nothing more', async () => {
      const plan = await freezePlan(engine.warehouse, { batches })
      const zombie = await standingStill(plan)
      const { object, told } = testObject()
      await deliverBatches(...attemptOf(engine.warehouse, plan, object, { attempt: 2 }))
      zombie.wake()
      await rejects(zombie.ended, Superseded)
      equal(zombie.told.batches.length, 1)
      equal(told.batches.length, 3)
      equal((await readLog(engine.warehouse)).length, 6)
    })

    it('hears that it was given up before it believes its answer, also where nothing else is noted yet', async () => {
      const plan = await freezePlan(engine.warehouse, { batches })
      const controller = new AbortController()
      const { signal } = controller
      const reason = new Error('another attempt has begun')
      const sleep = async () => {
        controller.abort(reason)
        signal.throwIfAborted()
      }
      const zombie = await standingStill(plan, { signal, sleep })
      zombie.wake()
      await rejects(zombie.ended, reason)
      equal(zombie.told.batches.length, 1)
      deepEqual(await readLog(engine.warehouse), [])
    })

    it('goes on where nobody else did', async () => {
      const plan = await freezePlan(engine.warehouse, { batches })
      const sleeper = await standingStill(plan)
      sleeper.wake()
      const { progress } = await sleeper.ended
      deepEqual(progress, { ...NOTHING_YET, batches: 3, acknowledged: 6 })
    })

    it('never wins over a newer plan', async () => {
      const old = await freezePlan(engine.warehouse, { batches })
      const zombie = await standingStill(old)
      const newer = await freezePlan(engine.warehouse, {
        plan: 'p2',
        version: 2,
        batches: [
          [{ email: 'a1', change: 'change', fields: { name: 'newer' } }],
          [{ email: 'a2', change: 'remove' }],
        ],
      })
      await deliverBatches(...attemptOf(engine.warehouse, newer, testObject().object))
      zombie.wake()
      await zombie.ended
      deepEqual(await readState(engine.warehouse), {
        a1: '{"name":"newer"}',
        b1: '{"name":"b"}',
        b2: '{"name":"b"}',
        c1: '{"name":"c"}',
        c2: '{"name":"c"}',
      })
    })
  })

  describe('by the network', () => {
    let server: Server
    const received: { readonly key: string; readonly records: number }[] = []
    let drop = false
    before(async () => {
      server = createServer((request, response) => {
        const chunks: Buffer[] = []
        request.on('data', (chunk: Buffer) => chunks.push(chunk))
        request.on('end', () => {
          const records = JSON.parse(Buffer.concat(chunks).toString()) as unknown[]
          received.push({ key: String(request.headers['idempotency-key']), records: records.length })
          if (drop) response.destroy()
          else response.end('{}')
          drop = false
        })
      })
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
    })
    after(async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    })

    it('after the destination has acted, sends that batch again under its key and says so', async () => {
      const plan = await freezePlan(engine.warehouse, { batches, repeatable: true })
      const context = testWriteContext<unknown>({})
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
      const client = context.http({ maxAttempts: 1 })
      const { object } = testObject({
        write: async (_context, batch): Promise<WriteResult> => {
          drop = batch.index === 1 && received.length === 1
          await post(client, url, batch)
          return { results: batch.records.map(() => OK) }
        },
      })
      try {
        await rejects(
          deliverBatches(...attemptOf(engine.warehouse, plan, object)),
          (error) => error instanceof ConnectorError && error.kind === 'NetworkError',
        )
        const { progress } = await deliverBatches(
          ...attemptOf(engine.warehouse, plan, object, { attempt: 2 }),
        )
        deepEqual(progress, { ...NOTHING_YET, batches: 3, acknowledged: 6, repeated: 1 })
        deepEqual(received, [
          { key: 'p1-0', records: 2 },
          { key: 'p1-1', records: 2 },
          { key: 'p1-1', records: 2 },
          { key: 'p1-2', records: 2 },
        ])
      } finally {
        context.close()
      }
    })
  })
})
async function post(
  client: ReturnType<ReturnType<typeof testWriteContext>['http']>,
  url: string,
  batch: Batch,
): Promise<void> {
  await client.request({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json', 'idempotency-key': batch.idempotencyKey },
    data: JSON.stringify(batch.records),
  })
}
