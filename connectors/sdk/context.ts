/** Builds what the runtime gives to a connector. Activities, the command line and tests use the same one. */
import { resolve } from 'node:path'
import { secretValues } from './config/secrets.js'
import type { ConnectorContext, ConnectorLog, SecretStore } from './contract.js'
import type { AllowedAddresses } from './http/address-guard.js'
import { connectTcp } from './http/connect.js'
import { createHttpClient, type HttpRuntime, type OwnedHttpClient } from './http/create-client.js'
import type { JsonSchema } from './json.js'
import { createRedactor, type Redact } from './redaction.js'

export interface ConnectorContextOptions<Config> {
  /** Validated (validateConfig), secrets resolved. */
  readonly config: Config
  /** The connector's spec: its secrets are masked in logs and errors. Without it nothing is known to be secret. */
  readonly spec?: JsonSchema
  readonly signal: AbortSignal
  readonly log: ConnectorLog
  readonly secrets: SecretStore
  /** @default false */
  readonly allowPrivateAddresses?: AllowedAddresses
  /** Where relative paths of the config start. */
  readonly workspaceDirectory: string
  /** An existing directory for this call; the caller removes it. */
  readonly scratchDirectory: string
  readonly onRequest?: HttpRuntime['onRequest']
  /** The clock and the jitter of HTTP clients, for tests. */
  readonly http?: Pick<HttpRuntime, 'now' | 'random'>
}

/** A context with what its owner needs: closing it, and masking secrets in what comes out of the connector. */
export interface OwnedConnectorContext<Config> extends ConnectorContext<Config> {
  /** Masks the config's secrets in text, objects and errors. */
  readonly redact: Redact
  /** Closes the HTTP clients that the connector opened. Idempotent. */
  close(): void
}

export function createConnectorContext<Config>(
  options: ConnectorContextOptions<Config>,
): OwnedConnectorContext<Config> {
  const redact = createRedactor(options.spec ? secretValues(options.spec, options.config) : [])
  const log = redactedLog(options.log, redact)
  const clients: OwnedHttpClient[] = []
  return {
    config: options.config,
    signal: options.signal,
    log,
    secrets: options.secrets,
    scratchDirectory: options.scratchDirectory,
    redact,
    http(httpOptions = {}) {
      const client = createHttpClient({
        ...httpOptions,
        ...options.http,
        signal: options.signal,
        log,
        redact,
        allowPrivateAddresses: options.allowPrivateAddresses ?? false,
        ...(options.onRequest ? { onRequest: options.onRequest } : {}),
      })
      clients.push(client)
      return client
    },
    connect: (target) =>
      connectTcp(target, {
        signal: options.signal,
        allowPrivateAddresses: options.allowPrivateAddresses ?? false,
      }),
    resolvePath: (path) => resolve(options.workspaceDirectory, path),
    close() {
      for (const client of clients.splice(0)) client.close()
    },
  }
}

/** A warning of a connector as one line for people: `link leads nowhere (name a.csv)`. */
export function warningText(message: string, fields: Readonly<Record<string, unknown>> = {}): string {
  const facts = Object.entries(fields).map(([name, value]) => `${name} ${value}`)
  return facts.length === 0 ? message : `${message} (${facts.join(', ')})`
}

function redactedLog(log: ConnectorLog, redact: Redact): ConnectorLog {
  const masked =
    (level: keyof ConnectorLog): ConnectorLog['debug'] =>
    (message, fields) =>
      fields === undefined ? log[level](redact(message)) : log[level](redact(message), redact(fields))
  return { debug: masked('debug'), info: masked('info'), warn: masked('warn') }
}
