/** Conformance: every source speaks the Airbyte protocol, and no secret of its config is ever seen. */
import assert from 'node:assert/strict'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { validateConfig } from '../config/validate.js'
import type { AirbyteMessage, ConfiguredCatalog } from '../protocol/messages.js'
import { type ProtocolVerb, runProtocol } from '../protocol/run-protocol.js'
import { assertNoSecret, configSecrets, type Driver } from './driver.js'

export function registerProtocolTests<Config>(driver: Driver<Config>): void {
  const run = async (
    verb: ProtocolVerb,
    more: { config?: unknown; catalog?: ConfiguredCatalog; state?: unknown } = {},
  ): Promise<{ exit: number; messages: AirbyteMessage[] }> => {
    const messages: AirbyteMessage[] = []
    const { workspaceDirectory, scratchDirectory } = workDirectories(driver)
    const exit = await runProtocol(driver.source, verb, {
      config: driver.config(),
      signal: new AbortController().signal,
      allowPrivateAddresses: true,
      workspaceDirectory,
      scratchDirectory,
      out(line) {
        assert.ok(!line.includes('\n'), 'a message has more than one line')
        const message = JSON.parse(line) as AirbyteMessage
        if (message.type !== 'RECORD' && message.type !== 'CONTROL') driver.said.push(line)
        messages.push(message)
      },
      ...more,
    })
    return { exit, messages }
  }
  const catalog = (syncMode?: 'incremental'): ConfiguredCatalog => ({
    streams: driver.streams().flatMap(({ name, cursor }) => {
      if (syncMode && !cursor) return []
      return [{ stream: { name }, sync_mode: syncMode ?? 'full_refresh', destination_sync_mode: 'append' }]
    }),
  })

  describe('protocol', () => {
    it('prints the spec in one line', async () => {
      const { exit, messages } = await run('spec')
      assert.deepEqual([exit, messages.length], [0, 1])
      const [message] = messages
      assert.ok(message?.type === 'SPEC')
      new Ajv2020({ strict: false, validateFormats: false }).compile(message.spec.connectionSpecification)
    })
    it('succeeds to check a good config', async () => {
      const { exit, messages } = await run('check')
      const status = messages.find(({ type }) => type === 'CONNECTION_STATUS')
      assert.deepEqual(
        [exit, status],
        [0, { type: 'CONNECTION_STATUS', connectionStatus: { status: 'SUCCEEDED' } }],
      )
    })
    const { badConfig, server } = driver.options
    if (badConfig) {
      it('fails to check a bad config, in so many words', async () => {
        const given = await badConfig(server ? driver.server() : (undefined as never))
        const { exit, messages } = await run('check', { config: validateConfig(driver.source.spec, given) })
        const last = messages.at(-1)
        if (last?.type === 'CONNECTION_STATUS') {
          assert.deepEqual([exit, last.connectionStatus.status], [0, 'FAILED'])
        } else {
          assert.deepEqual([exit, last?.type], [1, 'TRACE'])
        }
      })
    }
    it('discovers the streams under test', async () => {
      const { exit, messages } = await run('discover')
      const streams = messages.flatMap((message) =>
        message.type === 'CATALOG' ? message.catalog.streams : [],
      )
      assert.equal(exit, 0)
      const names = new Set(streams.map(({ name }) => name))
      for (const { name } of driver.streams()) assert.ok(names.has(name), `${name} is not in the catalogue`)
    })
    it('reads every stream to COMPLETE with a state, and counts its records', async () => {
      const { exit, messages } = await run('read', { catalog: catalog() })
      assert.equal(exit, 0)
      for (const stream of driver.streams()) {
        const reference = await driver.reference(stream)
        const records = messages.filter(
          (message) => message.type === 'RECORD' && message.record.stream === stream.name,
        )
        const states = messages.flatMap((message) =>
          message.type === 'STATE' && message.state.stream.stream_descriptor.name === stream.name
            ? [message.state]
            : [],
        )
        const counted = states.reduce((sum, state) => sum + state.sourceStats.recordCount, 0)
        assert.deepEqual(
          [records.length, counted],
          [reference.records.length, reference.records.length],
          stream.name,
        )
        assert.ok(states.length > 0, `${stream.name}: no state`)
        assert.deepEqual(statusesOf(messages, stream.name), ['STARTED', 'RUNNING', 'COMPLETE'], stream.name)
      }
    })
    it('goes on from its own states', async () => {
      const first = await run('read', { catalog: catalog('incremental') })
      const last = new Map<string, unknown>()
      for (const message of first.messages) {
        if (message.type === 'STATE') last.set(message.state.stream.stream_descriptor.name, message.state)
      }
      const second = await run('read', { catalog: catalog('incremental'), state: [...last.values()] })
      assert.deepEqual([first.exit, second.exit], [0, 0])
      assert.deepEqual(
        second.messages.filter(({ type }) => type === 'RECORD'),
        [],
      )
    })
  })

  describe('secrets', () => {
    it('are in no log, error, state or message that the tests above have seen', () => {
      assertNoSecret(configSecrets(driver.source.spec, driver.config()), driver.said)
    })
  })
}

function statusesOf(messages: readonly AirbyteMessage[], stream: string): string[] {
  return messages.flatMap((message) => {
    if (message.type !== 'TRACE' || message.trace.type !== 'STREAM_STATUS') return []
    const { stream_descriptor, status } = message.trace.stream_status
    return stream_descriptor.name === stream ? [status] : []
  })
}

function workDirectories<Config>(driver: Driver<Config>): {
  workspaceDirectory: string
  scratchDirectory: string
} {
  const { scratchDirectory, resolvePath } = driver.open()
  return { scratchDirectory, workspaceDirectory: resolvePath('.') }
}
