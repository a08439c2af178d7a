/** A context for tests: secrets in memory, logs captured, private addresses allowed, no jitter. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { validateConfig } from '../config/validate.js'
import { createConnectorContext, type OwnedConnectorContext } from '../context.js'
import type { ReadContext, SecretStore } from '../contract.js'
import type { JsonSchema } from '../json.js'

/** What a test may set; the rest has the defaults of a first full read. */
export type TestContextOverrides<Config> = Partial<
  Omit<ReadContext<Config>, 'config' | 'http' | 'log' | 'resolvePath' | 'scratchDirectory'>
> & {
  /** Validates the config and masks its secrets. */
  readonly spec?: JsonSchema
  readonly allowPrivateAddresses?: boolean | readonly string[]
  /** Where relative paths start. @default the scratch directory */
  readonly workspaceDirectory?: string
  /** Takes each log line too. */
  readonly onLog?: (line: LogLine) => void
}

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn'
  readonly message: string
  readonly fields?: Readonly<Record<string, unknown>>
}

/** A read context that remembers what was logged; `close` also removes its scratch directory. */
export interface TestContext<Config> extends ReadContext<Config>, OwnedConnectorContext<Config> {
  readonly logged: readonly LogLine[]
}

export function testContext<Config>(
  config: Config,
  overrides: TestContextOverrides<Config> = {},
): TestContext<Config> {
  const { spec, onLog, allowPrivateAddresses, workspaceDirectory, ...read } = overrides
  const scratchDirectory = mkdtempSync(join(tmpdir(), 'tributary-test-'))
  const logged: LogLine[] = []
  const logger =
    (level: LogLine['level']) => (message: string, fields?: Readonly<Record<string, unknown>>) => {
      const line: LogLine = { level, message, ...(fields ? { fields } : {}) }
      logged.push(line)
      onLog?.(line)
    }
  const context = createConnectorContext<Config>({
    config: spec ? validateConfig<Config>(spec, config) : config,
    ...(spec ? { spec } : {}),
    signal: overrides.signal ?? new AbortController().signal,
    log: { debug: logger('debug'), info: logger('info'), warn: logger('warn') },
    secrets: overrides.secrets ?? memorySecrets(),
    allowPrivateAddresses: allowPrivateAddresses ?? true,
    workspaceDirectory: workspaceDirectory ?? scratchDirectory,
    scratchDirectory,
    http: { random: () => 0 },
  })
  return {
    ...context,
    syncMode: 'full_refresh',
    destinationSyncMode: 'append',
    primaryKey: [],
    lookbackMs: 0,
    fields: [],
    path: 'blocks',
    ...read,
    logged,
    close() {
      context.close()
      rmSync(scratchDirectory, { recursive: true, force: true })
    },
  }
}

/** A secret store that forgets everything with the process. */
export function memorySecrets(initial: Readonly<Record<string, string>> = {}): SecretStore {
  const kept = new Map(Object.entries(initial))
  return {
    get: async (key) => kept.get(key),
    update: async (key, value) => void kept.set(key, value),
  }
}
