/** The conformance suite for destinations: one call registers every test that a destination must pass. */
import type { DestinationDefinition } from '../../destination.js'
import { registerPackageTests } from '../package-tests.js'
import { registerSpecTests } from '../spec-tests.js'
import { registerAppendTests } from './append-tests.js'
import { registerBatchTests } from './batch-tests.js'
import { registerCheckTests } from './check-tests.js'
import { registerConnectionTests } from './connection-tests.js'
import { createDestinationDriver, type DestinationDriver } from './driver.js'
import { registerCheckFaultTests, registerFaultTests } from './fault-tests.js'
import { registerJobTests } from './job-tests.js'
import { registerObjectTests } from './object-tests.js'
import type { DestinationSuiteOptions, ObjectCase } from './options.js'
import { registerPrivacyTests } from './privacy-tests.js'
import { registerRejectTests } from './reject-tests.js'
import { registerReplaceTests } from './replace-tests.js'
import { registerRemoveTests, registerUpsertTests } from './write-tests.js'

/**
 * Registers the conformance suite with mocha, in a `describe` of its own. It needs no credentials: the vendor is a real
 * server on this machine, or a stand-in that follows the vendor's documentation. Tests of a capability that an object or
 * the options lack are not registered.
 *
 * ```ts
 * describeDestination(destination, {
 *   packageOf: import.meta.url,
 *   speaks: 'http',
 *   objects: [
 *     {
 *       name: 'contact',
 *       operations: ['upsert', 'remove'],
 *       sample: (n) => ({
 *         match: { email: `zoë${n}@example.com` },
 *         fields: { first_name: `Zoë ${n}`, orders: n, joined: '2026-01-31' },
 *       }),
 *       // Only the vendor can know that there is no such country.
 *       badSample: (n) => ({ match: { email: `bad${n}@example.com` }, fields: { country: 'Atlantis' } }),
 *     },
 *   ],
 *   async start() {
 *     const vendor = await startVendor()
 *     const configFor = (url: string) => ({ base_url: url, access_token: vendor.token })
 *     return {
 *       config: configFor(vendor.url),
 *       http: { url: vendor.url, configFor },
 *       badConfigs: [
 *         { title: 'a false token', config: { base_url: vendor.url, access_token: 'no' }, kind: 'AuthExpired' },
 *       ],
 *       holdings: async () => vendor.contacts().map(({ email, ...fields }) => ({ match: { email }, fields })),
 *       clear: async () => vendor.clear(),
 *       stop: () => vendor.close(),
 *     }
 *   },
 * })
 * ```
 */
export function describeDestination<Config>(
  destination: DestinationDefinition<Config>,
  options: DestinationSuiteOptions<Config>,
): void {
  const driver = createDestinationDriver(destination, options)
  describe('conformance', function () {
    this.timeout(60_000)
    before(() => driver.start())
    afterEach(() => driver.afterEach())
    after(() => driver.stop())

    if (options.packageOf) {
      const names = (): string[] =>
        Array.isArray(destination.objects) ? options.objects.map(({ name }) => name) : []
      registerPackageTests({ kind: 'destination', spec: destination.spec, names }, options.packageOf)
    }
    registerSpecTests({
      spec: destination.spec,
      config: () => driver.config(),
      earlierConfigs: options.earlierConfigs,
      said: driver.said,
    })
    registerCheckTests(driver)
    for (const object of options.objects) {
      describe(object.name, () => registerTestsOf(driver, object))
    }
    if (options.speaks === 'http') registerCheckFaultTests(driver)
    registerPrivacyTests(driver)
  })
}

function registerTestsOf<Config>(driver: DestinationDriver<Config>, object: ObjectCase): void {
  const { operations } = object
  registerObjectTests(driver, object)
  if (operations.includes('upsert')) registerUpsertTests(driver, object)
  if (operations.includes('remove')) registerRemoveTests(driver, object)
  if (operations.includes('append')) registerAppendTests(driver, object)
  if (operations.includes('replace')) registerReplaceTests(driver, object)
  registerBatchTests(driver, object)
  if (object.badSample) registerRejectTests(driver, object, object.badSample)
  if (object.jobs) registerJobTests(driver, object)
  if (driver.options.speaks === 'http') registerFaultTests(driver, object)
  if (driver.options.speaks === 'tcp') registerConnectionTests(driver, object)
}
