import assert from 'node:assert/strict'
import {
  block,
  checkpoint,
  defineSource,
  defineStream,
  type ReadContext,
  records,
  rejects,
  type SecretStore,
} from '../contract.js'
import { ConnectorError } from '../errors.js'
import type { AirbyteMessage, ConfiguredStream } from './messages.js'
import { type ProtocolOptions, type ProtocolVerb, runProtocol } from './run-protocol.js'
import { statesByStream } from './state.js'

interface Config {
  password: string
}

const seen: ReadContext<Config>[] = []
const schema = { type: 'object', properties: { id: { type: 'integer' }, at: { type: 'string' } } } as const

const streams = {
  orders: defineStream<Config>({
    name: 'orders',
    schema,
    primaryKey: ['id'],
    cursor: { field: 'at' },
    async *read(context) {
      seen.push(context)
      context.log.info('reading', { password: context.config.password })
      yield records([{ id: 1, at: 'a' }])
      yield checkpoint({ at: 'a' })
      yield records([
        { id: 2, at: 'b' },
        { id: 3, at: 'b' },
      ])
      yield rejects([{ reason: 'no JSON', location: 'line 4', raw: 'content' }])
      yield checkpoint({ at: 'b' })
    },
  }),
  lines: defineStream<Config>({
    name: 'lines',
    schema,
    async *read() {
      const bytes = Buffer.from('1\tx\n2\t\\N\n')
      yield block({ format: 'TabSeparated', columns: ['id', 'at'], body: { kind: 'bytes', bytes } })
    },
  }),
  empty: defineStream<Config>({ name: 'empty', schema, async *read() {} }),
  limited: defineStream<Config>({
    name: 'limited',
    schema,
    // biome-ignore lint/correctness/useYield: it fails before it has anything
    async *read() {
      throw new ConnectorError('RateLimited', 'listing: too many', { until: 5000 })
    },
  }),
  rotating: defineStream<Config>({
    name: 'rotating',
    schema,
    async *read({ secrets }) {
      const before = await secrets.get('refresh')
      await secrets.update('refresh', `${before ?? 'r'}1`)
      yield checkpoint({ before: before ?? null })
    },
  }),
}

const source = defineSource<Config>({
  spec: {
    type: 'object',
    required: ['password'],
    properties: { password: { type: 'string', writeOnly: true, 'x-order': 3 } },
  },
  async check({ config }) {
    if (config.password === 'wrong')
      throw new ConnectorError('AuthExpired', 'checking wrong: refused; renew it')
    if (config.password === 'down') throw new ConnectorError('SourceUnavailable', 'checking: no answer')
    if (config.password === 'crash') throw new TypeError('x is not a function')
  },
  streams: Object.values(streams),
})

async function run(
  verb: ProtocolVerb,
  more: Partial<ProtocolOptions> & { streams?: ConfiguredStream[] } = {},
): Promise<{ exit: number; messages: AirbyteMessage[] }> {
  const messages: AirbyteMessage[] = []
  const { streams: configured, ...options } = more
  const exit = await runProtocol(source, verb, {
    config: { password: 'hunter2' },
    signal: new AbortController().signal,
    workspaceDirectory: '.',
    scratchDirectory: '.',
    now: () => 1000,
    out: (line) => void messages.push(JSON.parse(line) as AirbyteMessage),
    ...(configured ? { catalog: { streams: configured } } : {}),
    ...options,
  })
  return { exit, messages }
}

/** As platforms give it: with the whole stream, of which only the name may come back. */
const full = (name: string): ConfiguredStream => ({
  stream: { name, ...{ json_schema: schema } },
  sync_mode: 'full_refresh',
})
const record = (stream: string, data: object) => ({
  type: 'RECORD',
  record: { stream, data, emitted_at: 1000 },
})
const state = (name: string, value: object, recordCount: number) => ({
  type: 'STATE',
  state: {
    type: 'STREAM',
    stream: { stream_descriptor: { name }, stream_state: value },
    sourceStats: { recordCount },
  },
})
const status = (name: string, value: string, reasons?: object[]) => ({
  type: 'TRACE',
  trace: {
    type: 'STREAM_STATUS',
    emitted_at: 1000,
    stream_status: { stream_descriptor: { name }, status: value, ...(reasons ? { reasons } : {}) },
  },
})
const failure = (message: string, type: string, stream?: string) => ({
  type: 'TRACE',
  trace: {
    type: 'ERROR',
    emitted_at: 1000,
    error: { message, failure_type: type, ...(stream ? { stream_descriptor: { name: stream } } : {}) },
  },
})

describe('runProtocol', () => {
  beforeEach(() => void seen.splice(0))

  it('prints the spec with the marks that platforms know', async () => {
    const { exit, messages } = await run('spec', {
      config: undefined,
      documentationUrl: 'https://docs.example',
    })
    const property = { type: 'string', writeOnly: true, 'x-order': 3, airbyte_secret: true, order: 3 }
    assert.deepEqual(
      [exit, messages],
      [
        0,
        [
          {
            type: 'SPEC',
            spec: {
              protocol_version: '0.2.0',
              documentationUrl: 'https://docs.example',
              connectionSpecification: {
                type: 'object',
                required: ['password'],
                properties: { password: property },
              },
              supportsIncremental: true,
            },
          },
        ],
      ],
    )
  })

  const checks: [unknown, number, object][] = [
    [{ password: 'right' }, 0, { type: 'CONNECTION_STATUS', connectionStatus: { status: 'SUCCEEDED' } }],
    [
      { password: 'wrong' },
      0,
      {
        type: 'CONNECTION_STATUS',
        connectionStatus: { status: 'FAILED', message: 'checking ***: refused; renew it' },
      },
    ],
    [
      {},
      0,
      {
        type: 'CONNECTION_STATUS',
        connectionStatus: {
          status: 'FAILED',
          message: 'checking the config: config.password: is missing; correct the config',
        },
      },
    ],
    [{ password: 'down' }, 1, failure('checking: no answer', 'transient_error')],
    [{ password: 'crash' }, 1, failure('x is not a function', 'system_error')],
  ]
  for (const [config, exit, message] of checks) {
    it(`checks ${JSON.stringify(config)} with exit code ${exit}`, async () => {
      assert.deepEqual(await run('check', { config }), { exit, messages: [message] })
    })
  }

  it('lists the catalogue', async () => {
    const { messages } = await run('discover')
    const [message] = messages
    assert.ok(message?.type === 'CATALOG')
    const $schema = 'http://json-schema.org/draft-07/schema#'
    assert.deepEqual(message.catalog.streams.slice(0, 2), [
      {
        name: 'orders',
        json_schema: { $schema, ...schema },
        supported_sync_modes: ['full_refresh', 'incremental'],
        source_defined_cursor: true,
        default_cursor_field: ['at'],
        source_defined_primary_key: [['id']],
        is_resumable: true,
      },
      {
        name: 'lines',
        json_schema: { $schema, ...schema },
        supported_sync_modes: ['full_refresh'],
        is_resumable: true,
      },
    ])
  })

  it('reads records and states in order, with counts, statuses and masked logs', async () => {
    const streams: ConfiguredStream[] = [{ stream: { name: 'orders' }, sync_mode: 'incremental' }]
    const { exit, messages } = await run('read', { streams, state: [state('orders', { at: '0' }, 0)] })
    const log = (level: string, message: string) => ({ type: 'LOG', log: { level, message } })
    assert.deepEqual(
      [exit, messages],
      [
        0,
        [
          status('orders', 'STARTED'),
          log('INFO', 'reading {"password":"***"}'),
          status('orders', 'RUNNING'),
          record('orders', { id: 1, at: 'a' }),
          state('orders', { at: 'a' }, 1),
          record('orders', { id: 2, at: 'b' }),
          record('orders', { id: 3, at: 'b' }),
          log('WARN', 'input rejected {"reason":"no JSON","location":"line 4"}'),
          state('orders', { at: 'b' }, 2),
          status('orders', 'COMPLETE'),
        ],
      ],
    )
    const [context] = seen
    assert.deepEqual(
      [context?.state, context?.syncMode, context?.cursorField, context?.primaryKey, context?.path],
      [{ at: '0' }, 'incremental', 'at', ['id'], 'rows'],
    )
  })
  it('decodes blocks, and gives a state to a stream that has none', async () => {
    const { messages } = await run('read', { streams: [full('lines'), full('empty')] })
    assert.deepEqual(messages, [
      status('lines', 'STARTED'),
      status('lines', 'RUNNING'),
      record('lines', { id: 1, at: 'x' }),
      record('lines', { id: 2, at: null }),
      state('lines', {}, 2),
      status('lines', 'COMPLETE'),
      status('empty', 'STARTED'),
      state('empty', {}, 0),
      status('empty', 'COMPLETE'),
    ])
  })
  it('reads the other streams when one fails, and exits with 1', async () => {
    const { exit, messages } = await run('read', { streams: [full('limited'), full('ordrs'), full('empty')] })
    assert.deepEqual(
      [exit, messages],
      [
        1,
        [
          status('limited', 'STARTED'),
          failure('listing: too many', 'transient_error', 'limited'),
          status('limited', 'INCOMPLETE', [{ type: 'RATE_LIMITED', rate_limited: { quota_reset: 5000 } }]),
          status('ordrs', 'STARTED'),
          failure(
            'reading ordrs: there is no such stream, did you mean orders?; discover the source again',
            'config_error',
            'ordrs',
          ),
          status('ordrs', 'INCOMPLETE'),
          status('empty', 'STARTED'),
          state('empty', {}, 0),
          status('empty', 'COMPLETE'),
        ],
      ],
    )
  })
  it('asks the platform to keep rotated credentials, and finds them again', async () => {
    const first = await run('read', { streams: [full('rotating')] })
    const control = first.messages.find((message) => message.type === 'CONTROL')
    const config = { password: 'hunter2', __rotated: { refresh: 'r1' } }
    assert.deepEqual(control, {
      type: 'CONTROL',
      control: { type: 'CONNECTOR_CONFIG', emitted_at: 1000, connectorConfig: { config } },
    })
    const second = await run('read', { config, streams: [full('rotating')] })
    assert.deepEqual(
      second.messages.find(({ type }) => type === 'STATE'),
      state('rotating', { before: 'r1' }, 0),
    )
  })
  it('keeps them in a store of the caller’s instead', async () => {
    const kept: unknown[] = []
    const secrets: SecretStore = {
      get: async () => undefined,
      update: async (...pair) => void kept.push(pair),
    }
    const { messages } = await run('read', { streams: [full('rotating')], secrets })
    assert.deepEqual(kept, [['refresh', 'r1']])
    assert.ok(!messages.some(({ type }) => type === 'CONTROL'))
  })
  it('holds the source back while a line is written', async () => {
    let writing = 0
    let most = 0
    await run('read', {
      streams: [full('lines')],
      async out() {
        most = Math.max(most, ++writing)
        await new Promise((resolve) => setImmediate(resolve))
        writing -= 1
      },
    })
    assert.equal(most, 1)
  })
})

describe('statesByStream', () => {
  const value = { at: 1 }
  const entry = { stream_descriptor: { name: 'orders' }, stream_state: value }
  const cases: [string, unknown, unknown][] = [
    ['a list of states', [{ type: 'STREAM', stream: entry }], [['orders', value]]],
    [
      'a list of messages',
      [{ type: 'STATE', state: { type: 'STREAM', stream: entry } }],
      [['orders', value]],
    ],
    ['a global state', [{ type: 'GLOBAL', global: { stream_states: [entry] } }], [['orders', value]]],
    ['a legacy state', { data: { orders: value } }, [['orders', value]]],
    ['nothing', undefined, []],
    ['nonsense', [7, 'x', { stream: {} }], []],
  ]
  for (const [name, given, expected] of cases) {
    it(`reads ${name}`, () => assert.deepEqual([...statesByStream(given)], expected))
  }
})
