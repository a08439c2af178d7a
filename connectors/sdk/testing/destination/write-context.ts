/** A write context for tests: what `testContext` is to a source. */
import type { OwnedConnectorContext } from '../../context.js'
import type { WriteContext } from '../../destination.js'
import type { HttpOptions } from '../../http/client.js'
import { type LogLine, type TestContextOverrides, testContext } from '../context.js'

export interface WriteContextOverrides<Config>
  extends Pick<
    TestContextOverrides<Config>,
    'spec' | 'signal' | 'secrets' | 'allowPrivateAddresses' | 'workspaceDirectory' | 'onLog'
  > {
  /** @default test */
  readonly activation?: string
  /** @default run-1 */
  readonly run?: string
  /** Options of every HTTP client that win over the destination's own: shorter timeouts for tests. */
  readonly http?: HttpOptions
}

/** A write context that remembers what was logged; `close` also removes its scratch directory. */
export interface TestWriteContext<Config> extends WriteContext<Config>, OwnedConnectorContext<Config> {
  readonly logged: readonly LogLine[]
}

export function testWriteContext<Config>(
  config: Config,
  { activation = 'test', run = 'run-1', http: forced, ...overrides }: WriteContextOverrides<Config> = {},
): TestWriteContext<Config> {
  const context = testContext<Config>(config, overrides)
  return { ...context, http: (options) => context.http({ ...options, ...forced }), activation, run }
}
