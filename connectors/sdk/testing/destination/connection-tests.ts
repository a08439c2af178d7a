/** Conformance of a destination that speaks another protocol than HTTP, over a connection that is cut, stalled or refused. */
import assert from 'node:assert/strict'
import { isConnectorError } from '../../errors.js'
import { describeThrown } from '../driver.js'
import { assertHeldAtLeast } from './batch-tests.js'
import type { DestinationDriver } from './driver.js'
import { assertHoldings } from './holdings.js'
import type { ObjectCase } from './options.js'
import { assertAllOk, mainOperation, samples } from './records.js'
import { createTcpProxy, type TcpProxy } from './tcp-proxy.js'

/** A run says less than this many things to the server, or the rest is not cut. */
const MOST_CUTS = 60

export function registerConnectionTests<Config>(driver: DestinationDriver<Config>, object: ObjectCase): void {
  const operation = mainOperation(object)
  if (!operation) return

  describe('connection', () => {
    let proxy: TcpProxy
    const config = (): Config => {
      const { tcp } = driver.vendor()
      return driver.validated(tcp!.configFor(proxy.host, proxy.port))
    }
    before(async () => {
      const { host, port } = driver.vendor().tcp!
      proxy = await createTcpProxy(host, port)
    })
    afterEach(() => proxy.reset())
    after(() => proxy.close())

    it('gets over a connection that is cut at any answer of the server', async () => {
      for (let cut = 0; cut < MOST_CUTS; cut++) {
        await driver.vendor().clear()
        proxy.reset()
        proxy.cutAt(cut)
        const records = samples(object, operation, 3)
        const run = driver.run(object, operation, { config: config() })
        assertAllOk(await run.write(records), 3)
        await run.finish()
        if (driver.object(object).idempotency !== 'none') {
          await assertHoldings(driver.vendor(), object, operation, records)
        } else {
          await assertHeldAtLeast(driver, object, operation, records, 2)
        }
        if (!proxy.hasCut()) return
      }
    })
    it('ends a write under way when it is cancelled', async () => {
      const controller = new AbortController()
      const stalled = proxy.stall()
      const run = driver.run(object, operation, { config: config(), signal: controller.signal })
      const writing = run.attempt(run.batch(samples(object, operation, 1))).then(
        () => assert.fail('it answers for records that it did not write'),
        () => performance.now(),
      )
      await Promise.race([stalled, writing])
      const started = performance.now()
      controller.abort(new Error('cancelled by the test'))
      assert.ok((await writing) - started < 2500, 'it waited for the answer')
    })
    it('says that the server is not there', async () => {
      const refused = config()
      await proxy.close()
      const run = driver.run(object, operation, { config: refused })
      for (const work of [
        () => run.attempt(run.batch(samples(object, operation, 1))),
        () => driver.destination.check(driver.open({}, refused)),
      ]) {
        const error = await work().then(
          () => assert.fail('it went through without a server'),
          (thrown: unknown) => thrown,
        )
        driver.said.push(describeThrown(error))
        assert.ok(isConnectorError(error), `not a ConnectorError: ${describeThrown(error)}`)
        assert.match(error.kind, /^(NetworkError|SourceUnavailable)$/)
      }
    })
  })
}
