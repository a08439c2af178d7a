/** What the tests of the suite share: the running vendor, the configured destination, its objects, and all that it said. */
import assert from 'node:assert/strict'
import { validateConfig } from '../../config/validate.js'
import type { DestinationDefinition, ObjectDefinition, Operation } from '../../destination.js'
import { objectsOf } from '../../objects-of.js'
import type { FaultServer } from '../fault-server.js'
import { createFaultProxy } from './fault-proxy.js'
import type { DestinationSuiteOptions, ObjectCase, VendorHandle } from './options.js'
import { createRun, type TestRun } from './run.js'
import { type TestWriteContext, testWriteContext, type WriteContextOverrides } from './write-context.js'

export interface DestinationDriver<Config> {
  readonly destination: DestinationDefinition<Config>
  readonly options: DestinationSuiteOptions<Config>
  vendor(): VendorHandle<Config>
  /** The config that works, validated. */
  config(): Config
  /** The proxy before a vendor that speaks HTTP. */
  proxy(): FaultServer
  /** The config that goes through the proxy. */
  proxiedConfig(): Config
  validated(config: Partial<Config>): Config
  /** A context whose end the suite takes care of. */
  open(overrides?: WriteContextOverrides<Config>, config?: Config): TestWriteContext<Config>
  object(object: ObjectCase): ObjectDefinition<Config>
  /** Begins a run of an activation on an object. */
  run(object: ObjectCase, operation: Operation, options?: RunOptions<Config>): TestRun
  /** Everything said so far: logs, errors, jobs, reasons. */
  readonly said: string[]
  start(): Promise<void>
  /** Takes faults and holdings away, so that every test begins with an empty vendor. */
  afterEach(): Promise<void>
  stop(): Promise<void>
}

export interface RunOptions<Config> extends WriteContextOverrides<Config> {
  /** @default the config that works */
  readonly config?: Config
}

export function createDestinationDriver<Config>(
  destination: DestinationDefinition<Config>,
  options: DestinationSuiteOptions<Config>,
): DestinationDriver<Config> {
  const said: string[] = []
  const opened: TestWriteContext<Config>[] = []
  let vendor: VendorHandle<Config> | undefined
  let proxy: FaultServer | undefined
  let objects: readonly ObjectDefinition<Config>[] = []
  let runs = 0

  const driver: DestinationDriver<Config> = {
    destination,
    options,
    said,
    vendor() {
      assert.ok(vendor, 'the vendor did not start')
      return vendor
    },
    config: () => driver.validated(driver.vendor().config),
    proxy() {
      assert.ok(proxy, 'this test needs a vendor that speaks HTTP')
      return proxy
    },
    proxiedConfig: () => driver.validated(driver.vendor().http!.configFor(driver.proxy().url)),
    validated: (config) => validateConfig<Config>(destination.spec, config),
    open(overrides = {}, config = driver.config()) {
      const context = testWriteContext<Config>(config, {
        spec: destination.spec,
        onLog: (line) => said.push(JSON.stringify(line)),
        ...overrides,
      })
      opened.push(context)
      return context
    },
    object({ name }) {
      const called = driver.vendor().objectName?.(name) ?? name
      const found = objects.find((object) => object.name === called)
      assert.ok(found, `there is no object ${called}`)
      return found
    },
    run(object, operation, { config, ...overrides } = {}) {
      runs += 1
      return createRun(driver, object, operation, { run: `run-${runs}`, ...overrides }, config)
    },
    async start() {
      vendor = await options.start()
      const speaks = vendor.http ? 'http' : vendor.tcp ? 'tcp' : undefined
      assert.equal(options.speaks, speaks, 'the option speaks is not what the vendor has')
      if (vendor.http) proxy = await createFaultProxy(vendor.http.url)
      const context = driver.open()
      objects = await objectsOf(destination, context)
      context.close()
    },
    async afterEach() {
      proxy?.reset()
      for (const context of opened.splice(0)) context.close()
      await vendor?.clear()
    },
    async stop() {
      for (const context of opened.splice(0)) context.close()
      await proxy?.close()
      await vendor?.stop()
    },
  }
  return driver
}
