import assert from 'node:assert/strict'
import {
  type Batch,
  type DestinationRecord,
  defineObject,
  OK,
  rejected,
  type WriteResult,
} from './destination.js'
import { testWriteContext } from './testing/destination/write-context.js'
import { pollBatch, writeBatch } from './write-batch.js'

const record = (n: number): DestinationRecord => ({ match: { email: `a${n}@example.com` }, fields: { n } })
const batch: Batch = {
  operation: 'upsert',
  records: [record(0), record(1)],
  index: 0,
  idempotencyKey: 'key-0',
}
const RESULTS: WriteResult = { results: [OK, rejected('no such country', 'country')] }

const object = (result: WriteResult, calls: string[] = []) =>
  defineObject<object>({
    name: 'contact',
    operations: ['upsert'],
    fields: { email: { type: 'string' }, n: { type: 'integer' } },
    matchKeys: [['email']],
    batch: { records: 3 },
    idempotency: 'natural',
    undo: 'inverse',
    write: async () => {
      calls.push('write')
      return result
    },
    poll: async () => {
      calls.push('poll')
      return RESULTS
    },
  })

describe('writeBatch', () => {
  let context: ReturnType<typeof testWriteContext<object>>
  beforeEach(() => {
    context = testWriteContext<object>({})
  })
  afterEach(() => context.close())

  it('hands on what the object answers, a job too', async () => {
    const job: WriteResult = { job: { id: 7 }, pollAfterMs: 0 }
    assert.deepEqual(await writeBatch(object(RESULTS), context, batch), RESULTS)
    assert.deepEqual(await writeBatch(object(job), context, batch), job)
    assert.deepEqual(await pollBatch(object(job), context, batch, { id: 7 }), RESULTS)
  })

  const batches: [string, Partial<Batch>, string, RegExp][] = [
    [
      'an operation that it has not',
      { operation: 'remove' },
      'ContractViolation',
      /it has no remove; report/,
    ],
    [
      'an empty batch',
      { records: [] },
      'ContractViolation',
      /a batch of 0 records, where 1 to 3 are allowed/,
    ],
    [
      'a batch beyond its limit',
      { records: [0, 1, 2, 3].map(record) },
      'ContractViolation',
      /a batch of 4 records/,
    ],
    [
      'fields that it has not',
      { records: [{ match: { uid: 1 }, fields: { city: 'secret', n: 1, toString: 1 } }] },
      'SchemaIncompatible',
      /^writing contact: it has no field uid, city, toString; discover/,
    ],
  ]
  for (const [title, change, kind, message] of batches) {
    it(`sends nothing of ${title}`, async () => {
      const calls: string[] = []
      await assert.rejects(writeBatch(object(RESULTS, calls), context, { ...batch, ...change }), {
        kind,
        message,
      })
      assert.deepEqual(calls, [])
    })
  }
  it('sends fields of any name where the object takes them', async () => {
    const open = { ...object({ results: [OK] }), openFields: true }
    const records = [{ match: { uid: 1 }, fields: { city: 'Köln' } }]
    assert.deepEqual(await writeBatch(open, context, { ...batch, records }), { results: [OK] })
  })

  const answers: [string, unknown, RegExp][] = [
    ['an answer too few', { results: [OK] }, /1 answers for 2 records/],
    ['no answer', {}, /0 answers for 2 records/],
    ['nothing', undefined, /it answers with nothing/],
    ['a hole', { results: [OK, undefined] }, /neither ok nor a rejection/],
    ['a status of its own', { results: [OK, { status: 'fine' }] }, /neither ok nor a rejection/],
    ['a rejection without its reason', { results: [OK, rejected('')] }, /neither ok nor a rejection/],
    ['a job without a time', { job: {} }, /says no time after which to ask/],
    ['a job that is too large', { job: { text: 'x'.repeat(3000) }, pollAfterMs: 1 }, /more than 2048/],
  ]
  for (const [title, answer, message] of answers) {
    it(`refuses ${title} of the object`, () =>
      assert.rejects(writeBatch(object(answer as WriteResult), context, batch), {
        kind: 'ContractViolation',
        message,
      }))
  }
  it('refuses a job of an object that cannot be asked after it', async () => {
    const { poll: _, ...rest } = object({ job: {}, pollAfterMs: 1 })
    await assert.rejects(writeBatch(rest, context, batch), { kind: 'ContractViolation', message: /no poll/ })
    await assert.rejects(pollBatch(rest, context, batch, {}), {
      kind: 'ContractViolation',
      message: /no poll/,
    })
  })
})
