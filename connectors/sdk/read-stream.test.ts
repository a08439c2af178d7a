import assert from 'node:assert/strict'
import { block, checkpoint, defineStream, records, rejects, type StreamMessage } from './contract.js'
import { readStream } from './read-stream.js'
import { testContext } from './testing/context.js'

const bytes = { kind: 'bytes', bytes: Buffer.from('1\n') } as const

const streamOf = (read: () => AsyncIterable<StreamMessage> | Iterable<StreamMessage>) =>
  defineStream({
    name: 'orders',
    schema: { type: 'object', properties: { id: { type: 'integer' }, note: { type: 'string' } } },
    primaryKey: ['id'],
    async *read() {
      yield* read()
    },
  })

const readAll = async (messages: unknown[]) => {
  const context = testContext({}, { primaryKey: ['id'] })
  const seen: unknown[] = []
  try {
    for await (const message of readStream(
      streamOf(() => messages as StreamMessage[]),
      context,
    ))
      seen.push(message)
  } finally {
    context.close()
  }
  return seen
}

describe('readStream', () => {
  it('passes on what keeps to the contract', async () => {
    const messages = [
      records([{ id: 1, extra: [] }]),
      rejects([{ reason: 'r', location: 'l', raw: 'x' }]),
      block({ format: 'TabSeparated', columns: ['id'], body: bytes }),
      checkpoint({ at: 1, none: undefined }),
    ]
    assert.deepEqual(await readAll(messages), messages)
  })
  const cases: [string, unknown, RegExp][] = [
    ['a null key', records([{ id: 1 }, { id: null }]), /primary key field id of a record is null/],
    ['a missing key', records([{}]), /primary key field id/],
    ['a record that is a list', records([[] as never]), /not a plain object/],
    ['an unknown column', block({ format: 'CSV', columns: ['id', 'x'], body: bytes }), /column x/],
    ['a column twice', block({ format: 'CSV', columns: ['id', 'id'], body: bytes }), /twice/],
    ['a block without columns', block({ format: 'CSV', columns: [], body: bytes }), /no columns/],
    ['a large state', checkpoint({ text: 'x'.repeat(8192) }), /has 8203 bytes, more than 8192/],
    ['a state with a date', checkpoint({ at: new Date() as never }), /not a JSON object/],
    ['a state with NaN', checkpoint({ at: Number.NaN }), /not a JSON object/],
    ['a state that is a list', checkpoint([] as never), /not a JSON object/],
    ['no message', { type: 'nothing' }, /no message/],
  ]
  for (const [name, message, expected] of cases) {
    it(`calls ${name} a violation of the contract`, () =>
      assert.rejects(readAll([message]), { kind: 'ContractViolation', message: expected }))
  }
  it('throws the signal’s reason between messages, and before the first', async () => {
    const controller = new AbortController()
    const reason = new Error('cancelled')
    const context = testContext({}, { signal: controller.signal })
    const seen: string[] = []
    const stream = streamOf(() => [records([]), records([])])
    const reading = (async () => {
      for await (const { type } of readStream(stream, context)) {
        seen.push(type)
        controller.abort(reason)
      }
    })()
    await assert.rejects(reading, reason)
    assert.deepEqual(seen, ['records'])
    await assert.rejects(readStream(stream, context).next(), reason)
    context.close()
  })
  it('ends the connector’s generator when the reader leaves', async () => {
    let ended = false
    const stream = streamOf(async function* () {
      try {
        yield checkpoint({ at: 1 })
        yield checkpoint({ at: 2 })
      } finally {
        ended = true
      }
    })
    const context = testContext({})
    for await (const _ of readStream(stream, context)) break
    context.close()
    assert.equal(ended, true)
  })
  it('masks secrets in what the connector throws', async () => {
    const spec = { type: 'object', properties: { password: { type: 'string', writeOnly: true } } }
    const context = testContext({ password: 'hunter2' }, { spec })
    const stream = streamOf(() => {
      throw new Error('cannot log in with hunter2')
    })
    await assert.rejects(readStream(stream, context).next(), { message: 'cannot log in with ***' })
    context.log.info('tried hunter2', { url: 'https://u:hunter2@h' })
    assert.deepEqual(context.logged, [
      { level: 'info', message: 'tried ***', fields: { url: 'https://u:***@h' } },
    ])
    context.close()
  })
})
