/**
 * Speaks the Airbyte protocol for any source: one JSON message a line. Pure over its output: what becomes of a line, and
 * of the exit code, is the caller's.
 */
import { validateConfig } from '../config/validate.js'
import { createConnectorContext, type OwnedConnectorContext } from '../context.js'
import type { ConnectorLog, SecretStore, SourceDefinition } from '../contract.js'
import { discover } from '../discover.js'
import type { AllowedAddresses } from '../http/address-guard.js'
import { createRedactor } from '../redaction.js'
import { toAirbyteStream } from './catalog.js'
import { describeFailure } from './failures.js'
import type { AirbyteMessage, ConfiguredCatalog } from './messages.js'
import { readStreams } from './read.js'

export type ProtocolVerb = 'spec' | 'check' | 'discover' | 'read'

export interface ProtocolOptions {
  /** Not needed for `spec`. Secrets resolved. */
  readonly config?: unknown
  /** For `read`. */
  readonly catalog?: ConfiguredCatalog
  /** What `--state` holds: a list of states, or the one object of older platforms. */
  readonly state?: unknown
  /** Takes one line, without its end. A promise holds the source back. */
  readonly out: (line: string) => void | Promise<void>
  /** @default LOG messages through `out` (info and above) */
  readonly log?: ConnectorLog
  /**
   * Where rotated credentials are kept.
   * @default in the config: a CONTROL message asks the platform to keep it, as the protocol provides
   */
  readonly secrets?: SecretStore
  readonly signal: AbortSignal
  readonly allowPrivateAddresses?: AllowedAddresses
  readonly workspaceDirectory: string
  readonly scratchDirectory: string
  readonly documentationUrl?: string
  /** Epoch milliseconds, for `emitted_at`. @default Date.now */
  readonly now?: () => number
}

/** Where rotated credentials stand in a config that a platform keeps for us. */
const ROTATED_KEY = '__rotated'

/**
 * Runs one verb. Returns the exit code: 0 for success, and for a check that failed because of the config (which is said
 * in CONNECTION_STATUS); 1 after a TRACE ERROR. Never throws for what the connector does.
 */
export async function runProtocol<Config>(
  source: SourceDefinition<Config>,
  verb: ProtocolVerb,
  options: ProtocolOptions,
): Promise<number> {
  const now = options.now ?? Date.now
  const emit = async (message: AirbyteMessage): Promise<void> => options.out(JSON.stringify(message))
  if (verb === 'spec') {
    await emit({
      type: 'SPEC',
      spec: {
        protocol_version: '0.2.0',
        ...(options.documentationUrl ? { documentationUrl: options.documentationUrl } : {}),
        connectionSpecification: withAirbyteSecrets(source.spec) as Record<string, unknown>,
        supportsIncremental:
          typeof source.streams === 'function' || source.streams.some(({ cursor }) => cursor !== undefined),
      },
    })
    return 0
  }
  let context: OwnedConnectorContext<Config> | undefined
  try {
    context = openContext(source, options, emit, now)
    switch (verb) {
      case 'check':
        await source.check(context)
        await emit({ type: 'CONNECTION_STATUS', connectionStatus: { status: 'SUCCEEDED' } })
        return 0
      case 'discover': {
        const streams = await discover(source, context)
        await emit({ type: 'CATALOG', catalog: { streams: streams.map(toAirbyteStream) } })
        return 0
      }
      default:
        return await readStreams(await discover(source, context), context, { ...options, emit, now })
    }
  } catch (error) {
    const { message, failureType } = describeFailure(context?.redact(error) ?? error)
    if (verb === 'check' && failureType === 'config_error') {
      await emit({ type: 'CONNECTION_STATUS', connectionStatus: { status: 'FAILED', message } })
      return 0
    }
    await emit({
      type: 'TRACE',
      trace: { type: 'ERROR', emitted_at: now(), error: { message, failure_type: failureType } },
    })
    return 1
  } finally {
    context?.close()
  }
}

function openContext<Config>(
  source: SourceDefinition<Config>,
  options: ProtocolOptions,
  emit: (message: AirbyteMessage) => Promise<void>,
  now: () => number,
): OwnedConnectorContext<Config> {
  const given = { ...(options.config as Record<string, unknown> | undefined) }
  const rotated = { ...(given[ROTATED_KEY] as Record<string, string> | undefined) }
  delete given[ROTATED_KEY]
  const inConfig: SecretStore = {
    get: async (key) => rotated[key],
    update: async (key, value) => {
      rotated[key] = value
      const config = { ...given, [ROTATED_KEY]: rotated }
      await emit({
        type: 'CONTROL',
        control: { type: 'CONNECTOR_CONFIG', emitted_at: now(), connectorConfig: { config } },
      })
    },
  }
  return createConnectorContext<Config>({
    ...options,
    config: validateConfig<Config>(source.spec, given),
    spec: source.spec,
    secrets: options.secrets ?? inConfig,
    log: options.log ?? protocolLog(emit, createRedactor(Object.values(rotated))),
  })
}

function protocolLog(
  emit: (message: AirbyteMessage) => Promise<void>,
  redact: (text: string) => string,
): ConnectorLog {
  const line = (level: 'INFO' | 'WARN') => (message: string, fields?: Readonly<Record<string, unknown>>) => {
    const text = redact(fields ? `${message} ${JSON.stringify(fields)}` : message)
    void emit({ type: 'LOG', log: { level, message: text } })
  }
  return { debug() {}, info: line('INFO'), warn: line('WARN') }
}

/** Platforms hide what says `airbyte_secret`; our specs say `writeOnly`. */
function withAirbyteSecrets(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withAirbyteSecrets)
  if (typeof schema !== 'object' || schema === null) return schema
  const entries = Object.entries(schema).map(([key, value]) => [key, withAirbyteSecrets(value)])
  const copy = Object.fromEntries(entries) as Record<string, unknown>
  if (copy.writeOnly === true) copy.airbyte_secret = true
  if (typeof copy['x-order'] === 'number') copy.order = copy['x-order']
  return copy
}
