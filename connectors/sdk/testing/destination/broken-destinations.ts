/** Destinations with one fault each, which the suite must find: the suite's own test. */
import { BROKEN_DECLARATIONS } from './broken-declarations.js'
import { BROKEN_FAILURES } from './broken-failures.js'
import type { Variants } from './broken-parts.js'
import { BROKEN_RUNS } from './broken-runs.js'
import { BROKEN_WRITES } from './broken-writes.js'
import { describeDestination } from './describe-destination.js'
import { type LineConfig, lineDestination, lineOptions } from './line-destination.js'
import { good, suiteOptions } from './suite-destination.js'
import { startSuiteVendor } from './suite-vendor.js'

/** Tests that need a faulty network; the others are quick without one. */
const BEHIND_FAULTS = /gets over|calls|long rate limit|cancelled|shows no secret/

export const VARIANTS: Variants = {
  none: [good, null],
  ...BROKEN_DECLARATIONS,
  ...BROKEN_WRITES,
  ...BROKEN_RUNS,
  ...BROKEN_FAILURES,
}

/** The same for a destination that speaks another protocol than HTTP. */
export const LINE_VARIANTS: Variants<LineConfig> = {
  'none over TCP': [lineDestination('set'), null],
  'upsert that adds': [lineDestination('add'), 'cut at any answer of the server'],
}

/** Registers the suite once for each variant, in a `describe` of the variant's name. */
export function registerVariants(): void {
  for (const [name, [destination, expected]] of Object.entries(VARIANTS)) {
    const { objects } = destination
    const names = Array.isArray(objects) ? objects.map((object) => object.name) : []
    const faults = expected === null || BEHIND_FAULTS.test(expected)
    describe(name, () => describeDestination(destination, suiteOptions(startSuiteVendor, names, faults)))
  }
  for (const [name, [destination]] of Object.entries(LINE_VARIANTS)) {
    describe(name, () => describeDestination(destination, lineOptions()))
  }
}
