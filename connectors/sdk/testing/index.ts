/** Test kit for connectors: a server that injects faults, a context, and the conformance suite. */
export { type Collected, collect, withStreamDefaults } from './collect.js'
export {
  type LogLine,
  memorySecrets,
  type TestContext,
  type TestContextOverrides,
  testContext,
} from './context.js'
export { describeSource } from './describe-source.js'
export { describeDestination } from './destination/describe-destination.js'
export type {
  BadConfig,
  DestinationSuiteOptions,
  ObjectCase,
  VendorHandle,
} from './destination/options.js'
export {
  type TestWriteContext,
  testWriteContext,
  type WriteContextOverrides,
} from './destination/write-context.js'
export type { SourceSuiteOptions } from './driver.js'
export {
  createFaultServer,
  type Fault,
  type FaultRequest,
  type FaultResponse,
  type FaultServer,
  type Route,
} from './fault-server.js'
export { changedObjects, clockSkew, cutOnce, duplicatedPage, once, onceInTheMiddle } from './faults.js'
export { recordCheck } from './record-schema.js'
