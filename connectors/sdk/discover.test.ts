import assert from 'node:assert/strict'
import { defineSource, type StreamDefinition } from './contract.js'
import { discover } from './discover.js'
import { testContext } from './testing/context.js'

const stream = (change: Partial<StreamDefinition<object>> = {}): StreamDefinition<object> => ({
  name: 'orders',
  schema: { type: 'object', properties: { id: { type: 'integer' } } },
  async *read() {},
  ...change,
})
const discoverAll = async (streams: StreamDefinition<object>[]) => {
  const context = testContext({})
  try {
    const source = defineSource({ spec: {}, check: async () => {}, streams: async () => streams })
    return await discover(source, context)
  } finally {
    context.close()
  }
}

describe('discover', () => {
  it('gives the streams of a list and of a function', async () => {
    const streams = [stream()]
    assert.equal(await discoverAll(streams), streams)
  })
  const cases: [string, StreamDefinition<object>[], RegExp][] = [
    ['a name twice', [stream(), stream()], /orders: the name is given twice/],
    ['no name', [stream({ name: '' })], /has no name/],
    ['a key outside of the schema', [stream({ primaryKey: ['uid'] })], /primary key field uid is not in/],
    ['a cursor outside of the schema', [stream({ cursor: { field: 'at' } })], /cursor at is not in/],
    ['a candidate outside of the schema', [stream({ cursor: { candidates: ['id', 'at'] } })], /candidate at/],
    ['no schema', [stream({ schema: undefined as never })], /not one of an object/],
  ]
  for (const [name, streams, message] of cases) {
    it(`refuses ${name}`, () => assert.rejects(discoverAll(streams), { kind: 'ContractViolation', message }))
  }
})
