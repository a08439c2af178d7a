/** Conformance: `check` tells right from wrong, fast, and changes nothing. */
import assert from 'node:assert/strict'
import { isConnectorError } from '../../errors.js'
import { describeThrown } from '../driver.js'
import type { DestinationDriver } from './driver.js'
import { readHoldings } from './holdings.js'

export function registerCheckTests<Config>(driver: DestinationDriver<Config>): void {
  const { destination, options } = driver
  const within = options.checkWithinMs ?? 10_000
  const held = (): Promise<string[][]> =>
    Promise.all(options.objects.map((object) => readHoldings(driver.vendor(), object, object.operations[0]!)))

  describe('check', () => {
    it('passes with the config, again and again, and changes nothing', async () => {
      for (const object of options.objects) {
        const operation = object.operations.find((name) => name !== 'remove')
        if (!operation) continue
        const run = driver.run(object, operation)
        await run.write([object.sample(0)])
        await run.finish()
      }
      const before = await held()
      await destination.check(driver.open())
      await destination.check(driver.open())
      assert.deepEqual(await held(), before)
    })
    it('refuses each bad config fast, calls it what it is, and says what to do', async () => {
      for (const { title, config, kind } of driver.vendor().badConfigs ?? []) {
        const context = driver.open({}, driver.validated(config))
        const started = performance.now()
        const error = await destination.check(context).then(
          () => assert.fail(`the check passed with ${title}`),
          (thrown: unknown) => thrown,
        )
        driver.said.push(describeThrown(error))
        assert.ok(isConnectorError(error), `${title}: not a ConnectorError: ${describeThrown(error)}`)
        assert.equal(error.kind, kind, `${title}: ${error.message}`)
        assert.match(error.message, /[:;]/, `${title}: the message has no remedy`)
        assert.ok(performance.now() - started < within, `${title}: it took longer than ${within} ms`)
      }
    })
  })
}
