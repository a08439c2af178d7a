/** The conformance suite: one call registers every test that a source must pass. */
import assert from 'node:assert/strict'
import type { SourceDefinition } from '../contract.js'
import { isConnectorError } from '../errors.js'
import { registerCatalogTests, registerCheckTests } from './catalog-tests.js'
import { createDriver, describeThrown, type SourceSuiteOptions } from './driver.js'
import { registerFaultTests } from './fault-tests.js'
import { registerPackageTests } from './package-tests.js'
import { registerProtocolTests } from './protocol-tests.js'
import { registerReadTests } from './read-tests.js'
import { registerResumeTests } from './resume-tests.js'
import { registerSpecTests } from './spec-tests.js'

/**
 * Registers the conformance suite with mocha, in a `describe` of its own. It needs no credentials: the vendor is a local
 * server (`server`), or the tested database or files stand by themselves. Tests of a capability that the source or the
 * options lack are not registered.
 */
export function describeSource<Config>(
  source: SourceDefinition<Config>,
  options: SourceSuiteOptions<Config>,
): void {
  const driver = createDriver(source, options)
  describe('conformance', function () {
    this.timeout(60_000)
    before(() => driver.start())
    afterEach(() => driver.afterEach())
    after(() => driver.stop())

    if (options.packageOf) {
      const names = (): string[] =>
        Array.isArray(source.streams) ? driver.streams().map(({ name }) => name) : []
      registerPackageTests({ kind: 'source', spec: source.spec, names }, options.packageOf)
    }
    registerSpecTests({
      spec: source.spec,
      config: () => driver.config(),
      earlierConfigs: options.earlierConfigs,
      said: driver.said,
    })
    registerCheckTests(driver)
    registerCatalogTests(driver)
    registerReadTests(driver)
    registerResumeTests(driver)
    const { lostCursor } = options
    if (lostCursor) {
      it('says CursorLost for a state that the source no longer knows', async () => {
        const stream = driver.streams().find(({ name }) => name === lostCursor.stream)
        assert.ok(stream, `there is no stream ${lostCursor.stream}`)
        const error = await driver
          .read(stream, { syncMode: 'incremental', state: lostCursor.state })
          .catch((thrown: unknown) => thrown)
        assert.ok(isConnectorError(error) && error.kind === 'CursorLost', describeThrown(error))
      })
    }
    if (options.server) registerFaultTests(driver)
    registerProtocolTests(driver)
  })
}
