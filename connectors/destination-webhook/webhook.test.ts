import assert from 'node:assert/strict'
import { type Batch, type DestinationRecord, OK, type RecordResult } from '@tributary/connector-sdk'
import { type TestContext, testContext } from '@tributary/connector-sdk/testing'
import destination, { type WebhookConfig } from './index.js'
import { webhookObjects } from './objects.js'
import { type Receiver, startReceiver } from './receiver.testing.js'

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const OTHER_SECRET = `whsec_${Buffer.alloc(32, 8).toString('base64')}`

const record = (n: number): DestinationRecord => ({
  match: { email: `zoë${n}@example.com` },
  fields: { first_name: `Zoë ${n}`, orders: n, vip: n % 2 === 0, note: null },
})
const records = (count: number): DestinationRecord[] => Array.from({ length: count }, (_, n) => record(n))
const batch = (of: readonly DestinationRecord[], overrides: Partial<Batch> = {}): Batch => ({
  operation: 'upsert',
  records: of,
  index: 0,
  idempotencyKey: 'plan-0',
  ...overrides,
})

describe('the webhook destination', () => {
  let receiver: Receiver
  const contexts: TestContext<WebhookConfig>[] = []
  before(async () => {
    receiver = await startReceiver(SECRET)
  })
  afterEach(() => {
    receiver.clear()
    receiver.server.reset()
    for (const context of contexts.splice(0)) context.close()
  })
  after(() => receiver.server.close())

  const open = (config: Partial<WebhookConfig> = {}, allowPrivateAddresses = true) => {
    const full = { url: receiver.url, secret: SECRET, ...config } as WebhookConfig
    const context = testContext<WebhookConfig>(full, { spec: destination.spec, allowPrivateAddresses })
    contexts.push(context)
    return { ...context, activation: 'winback', run: 'run-1' }
  }
  const write = async (
    given: Batch,
    config: Partial<WebhookConfig> = {},
    context = open(config),
  ): Promise<readonly RecordResult[]> => {
    const result = await webhookObjects(context.config)[0]!.write(context, given)
    assert.ok('results' in result)
    return result.results
  }

  it('posts a batch as one signed message whose id is the idempotency key', async () => {
    assert.deepEqual(await write(batch(records(3)), { headers: { 'x-api-key': 'let me in' } }), [OK, OK, OK])
    assert.deepEqual(receiver.messages, [
      {
        type: 'records.upsert',
        id: 'plan-0',
        activation: 'winback',
        run: 'run-1',
        operation: 'upsert',
        records: records(3),
      },
    ])
    const { headers } = receiver.server.requests[0]!
    assert.deepEqual(
      [headers['webhook-id'], headers['idempotency-key'], headers['content-type'], headers['x-api-key']],
      ['plan-0', 'plan-0', 'application/json', 'let me in'],
    )
  })

  it('lets no header of the config stand in for its own', async () => {
    const headers = { 'Webhook-Id': 'mine', 'Content-Type': 'text/plain', 'webhook-signature': 'v1,none' }
    assert.deepEqual(await write(batch(records(1)), { headers }), [OK])
    assert.equal(receiver.server.requests[0]!.headers['content-type'], 'application/json')
  })

  it('posts the same bytes at every attempt', async () => {
    receiver.server.inject(({ count }) => (count === 0 ? { status: 503 } : undefined))
    await write(batch(records(2)))
    await write(batch(records(2)))
    const bodies = receiver.server.requests.map(({ body }) => body)
    assert.deepEqual(bodies, [bodies[0], bodies[0], bodies[0]])
  })

  it('signs with both secrets while a receiver moves to a new one', async () => {
    assert.deepEqual(await write(batch(records(1)), { secret: OTHER_SECRET, previous_secret: SECRET }), [OK])
    await assert.rejects(write(batch(records(1)), { secret: OTHER_SECRET }), { kind: 'AuthExpired' })
  })

  it('tells events and the run that they take back', async () => {
    const events: DestinationRecord[] = [
      { ...record(0), event: 'entered' },
      { ...record(1), event: 'left', compensates: 'run-0' },
    ]
    await write(batch(events, { operation: 'append' }))
    assert.deepEqual([receiver.messages[0]!.type, receiver.events], ['records.append', events])
  })

  it('reads the word for each record, and keeps values out of the reasons', async () => {
    receiver.answer = () => ({
      status: 207,
      body: {
        results: [
          { status: 'ok' },
          { status: 'rejected', reason: 'no country for\nzoë1@example.com', code: 17 },
          { status: 'retry', reason: 'busy', after_seconds: 2 },
        ],
      },
    })
    assert.deepEqual(await write(batch(records(3))), [
      OK,
      { status: 'rejected', reason: 'no country for ***', code: '17' },
      { status: 'retry', reason: 'busy', afterMs: 2000 },
    ])
  })

  it('takes 422 with results as it takes 207, and any other body of 2xx as all taken', async () => {
    const results = [{ status: 'rejected', reason: 'no' }]
    receiver.answer = () => ({ status: 422, body: { results } })
    assert.deepEqual(await write(batch(records(1))), results)
    for (const body of ['OK', '{"results"', '{"results": 3}', { ok: true }]) {
      receiver.answer = () => ({ status: 200, headers: { 'content-type': 'application/json' }, body })
      assert.deepEqual(await write(batch(records(1))), [OK])
    }
  })

  it('refuses results that are not the documented ones', async () => {
    const cases: [unknown, RegExp][] = [
      [[], /0 results for 2 records/],
      [[{ status: 'ok' }, { status: 'fine' }], /none of ok, rejected, retry/],
      [[{ status: 'ok' }, null], /none of ok, rejected, retry/],
    ]
    for (const [results, message] of cases) {
      receiver.answer = () => ({ body: { results } })
      await assert.rejects(write(batch(records(2))), { kind: 'ConfigInvalid', message })
    }
  })

  for (const status of [400, 413, 422]) {
    it(`finds the bad records of a batch that is answered ${status}`, async () => {
      const bad = new Set(['zoë3@example.com', 'zoë700@example.com'])
      receiver.answer = ({ records: got = [] }) =>
        got.some(({ match }) => bad.has(String(match.email))) ? { status, body: 'no' } : undefined
      const results = await write(batch(records(1000)))
      assert.deepEqual(
        results.flatMap((result, index) => (result.status === 'ok' ? [] : [[index, result.status]])),
        [
          [3, 'rejected'],
          [700, 'rejected'],
        ],
      )
      assert.deepEqual([receiver.held.size, receiver.messages.length < 45], [998, true])
      const ids = receiver.messages.map(({ id }) => id)
      assert.deepEqual([new Set(ids).size, ids[0]], [ids.length, 'plan-0'])
    })
  }

  it('rejects what it cannot tell apart in time, and stops where everything is refused', async () => {
    receiver.answer = ({ records: got = [] }) =>
      got.some(({ fields }) => (fields.orders as number) > 500) ? { status: 400 } : undefined
    const results = await write(batch(records(1000)))
    const together = 'the receiver refuses it together with others (400)'
    assert.deepEqual(results[999], { status: 'rejected', reason: together, code: '400' })
    assert.ok(receiver.held.size > 490)
    receiver.clear()
    receiver.answer = () => ({ status: 400 })
    await assert.rejects(write(batch(records(1000))), { kind: 'ConfigInvalid', code: '400' })
    assert.equal(receiver.messages.length, 200)
  })

  it('tells what was taken when the receiver fails between two halves', async () => {
    receiver.answer = ({ records: got = [] }) => {
      if (got.length === 4) return { status: 400 }
      return got[0]!.fields.orders === 0 ? undefined : { status: 401 }
    }
    const results = await write(batch(records(4)))
    assert.deepEqual(
      results.map(({ status }) => status),
      ['ok', 'ok', 'retry', 'retry'],
    )
    // one that knows again what it took may be sent all of it again
    await assert.rejects(write(batch(records(4)), { deduplicates: true }), { kind: 'AuthExpired' })
  })

  it('says what the statuses mean that are about the whole', async () => {
    const cases: [number, string][] = [
      [401, 'AuthExpired'],
      [403, 'PermissionDenied'],
      [404, 'ConfigInvalid'],
      [405, 'ConfigInvalid'],
      [410, 'ConfigInvalid'],
      [429, 'RateLimited'],
      [500, 'SourceUnavailable'],
    ]
    for (const [status, kind] of cases) {
      receiver.answer = () => ({ status, headers: { 'retry-after': '3600' } })
      const expected = status === 403 ? 'RateLimited' : kind
      await assert.rejects(write(batch(records(1))), { kind: expected }, String(status))
    }
    receiver.answer = () => ({ status: 403 })
    await assert.rejects(write(batch(records(1))), { kind: 'PermissionDenied' })
    receiver.answer = () => ({ status: 503, headers: { 'retry-after': '3600' } })
    await assert.rejects(write(batch(records(1))), (error: { kind: string; until: number }) => {
      assert.equal(error.kind, 'RateLimited')
      return error.until > Date.now() + 3_500_000
    })
  })

  it('repeats a message without an answer only where the receiver knows it again', async () => {
    const cutFirst = (): void => {
      receiver.clear()
      receiver.server.reset()
      receiver.server.inject(async ({ count }, answer) => {
        await answer()
        return count === 0 ? { hangUp: true } : undefined
      })
    }
    cutFirst()
    await assert.rejects(write(batch(records(1))), { kind: 'NetworkError' })
    assert.equal(receiver.messages.length, 1)
    cutFirst()
    const events = [{ ...record(0), event: 'entered' as const }]
    assert.deepEqual(await write(batch(events, { operation: 'append' }), { deduplicates: true }), [OK])
    assert.deepEqual([receiver.events, receiver.messages.length > 1], [events, true])
  })

  it('waits for an answer no longer than the config says', async () => {
    receiver.server.inject(() => ({ delayMs: 30_000 }))
    await assert.rejects(write(batch(records(1)), { timeout: '1s' }), {
      kind: 'SourceUnavailable',
      code: 'ERR_TIMED_OUT',
    })
  })

  it('posts a message for each record where it is told to, with an id that is the record’s own', async () => {
    receiver.answer = ({ record: one }) => (one?.fields.orders === 7 ? { status: 422 } : undefined)
    const results = await write(batch(records(20)), { format: 'single' })
    assert.deepEqual(
      results.flatMap(({ status }, index) => (status === 'ok' ? [] : [[index, status]])),
      [[7, 'rejected']],
    )
    assert.equal(receiver.held.size, 19)
    const idOf = (orders: number) =>
      receiver.messages.find(({ record: one }) => one?.fields.orders === orders)!.id
    const before = idOf(9)
    receiver.clear()
    await write(batch([record(12), record(9)]), { format: 'single' })
    assert.equal(idOf(9), before)
  })

  it('tells the records that were taken from those that wait, one message a record', async () => {
    const single = { format: 'single', concurrency: 1 } as const
    receiver.answer = ({ record: one }) => ((one?.fields.orders as number) > 4 ? { status: 401 } : undefined)
    const statuses = (await write(batch(records(10)), single)).map(({ status }) => status)
    assert.deepEqual(statuses, [...Array(5).fill('ok'), ...Array(5).fill('retry')])
    assert.equal(receiver.messages.length, 6)
    receiver.answer = () => ({ status: 401 })
    await assert.rejects(write(batch(records(10)), single), { kind: 'AuthExpired' })
  })

  it('lets one record on which the receiver fails wait alone', async () => {
    receiver.answer = ({ record: one }) => (one?.fields.orders === 2 ? { status: 500 } : undefined)
    const results = await write(batch(records(10)), { format: 'single', concurrency: 1 })
    assert.deepEqual(
      results.flatMap(({ status }, index) => (status === 'ok' ? [] : [[index, status]])),
      [[2, 'retry']],
    )
  })

  it('promises of repeated batches what the config says of the receiver', () => {
    const of = (config: Partial<WebhookConfig>) => webhookObjects(config as WebhookConfig)[0]!
    assert.deepEqual(
      [of({}).idempotency, of({ deduplicates: true }).idempotency, of({ batch_size: 7 }).batch.records],
      ['none', 'keyed', 7],
    )
  })

  it('is checked by a signed ping without records', async () => {
    await destination.check(open())
    assert.deepEqual(
      receiver.messages.map(({ id: _, ...message }) => message),
      [{ type: 'ping' }],
    )
    await assert.rejects(destination.check(open({ secret: OTHER_SECRET })), { kind: 'AuthExpired' })
    receiver.answer = () => ({ status: 422 })
    await assert.rejects(destination.check(open()), { kind: 'ConfigInvalid' })
  })

  it('keeps off private addresses, and keeps its secrets to itself', async () => {
    await assert.rejects(destination.check(open({}, false)), { kind: 'ConfigInvalid' })
    const context = open({ headers: { 'x-api-key': 'let me in' } })
    await write(batch(records(1)), {}, context)
    const said = JSON.stringify(context.logged)
    for (const secret of [SECRET, 'let me in', 'zoë0']) assert.ok(!said.includes(secret))
  })
})
