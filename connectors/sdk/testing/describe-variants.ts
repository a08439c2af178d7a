/** The own test of a conformance suite: it is run on connectors with one fault each, and must find each fault. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface VariantSuite {
  /** What the suite is called. */
  readonly title: string
  /** `import.meta.url` of the test that calls this. */
  readonly moduleUrl: string
  /** Variant → a part of the name of a test that must fail; a number: all must pass, at least so many. */
  readonly variants: Readonly<Record<string, string | number>>
  /** Registers the suite once for each variant, in a `describe` of the variant's name. */
  register(): void
}

interface Report {
  readonly failures: readonly { readonly fullTitle: string; readonly err: { readonly message: string } }[]
  readonly passes: readonly { readonly fullTitle: string }[]
}

/** Set in the child process that runs the suite on the variants, where its tests are expected to fail. */
const CHILD = 'TRIBUTARY_CONFORMANCE_VARIANTS'
const LONGEST_RUN_MS = 300_000

/** Registers a test for each variant. The variants run together, in a mocha of their own. */
export function describeVariants({ title, moduleUrl, variants, register }: VariantSuite): void {
  if (process.env[CHILD]) {
    register()
    return
  }
  describe(title, () => {
    let report: Report
    before(async function () {
      this.timeout(LONGEST_RUN_MS + 10_000)
      report = await runVariants(moduleUrl)
    })
    const failuresOf = (variant: string): string[] =>
      report.failures
        .filter(({ fullTitle }) =>
          fullTitle.replace(/^"before all" hook.* in /, '').startsWith(`${variant} conformance`),
        )
        .map(({ fullTitle, err }) => `${fullTitle}: ${err.message}`)

    for (const [variant, expected] of Object.entries(variants)) {
      if (typeof expected === 'number') {
        it(`passes what is without faults: ${variant}`, () => {
          assert.deepEqual(failuresOf(variant), [])
          const passed = report.passes.filter(({ fullTitle }) => fullTitle.startsWith(`${variant} `))
          assert.ok(passed.length >= expected, `only ${passed.length} tests passed`)
        })
      } else {
        it(`finds: ${variant}`, () => {
          const failures = failuresOf(variant)
          assert.ok(
            failures.some((failure) => failure.includes(expected)),
            `only these failed:\n${failures.join('\n')}`,
          )
        })
      }
    }
  })
}

function runVariants(moduleUrl: string): Promise<Report> {
  const mocha = join(dirname(createRequire(import.meta.url).resolve('mocha/package.json')), 'bin/mocha.js')
  const args = [mocha, '--no-config', '--exit', '--reporter', 'json', fileURLToPath(moduleUrl)]
  const options = {
    env: { ...process.env, [CHILD]: '1' },
    maxBuffer: 64 * 1024 * 1024,
    timeout: LONGEST_RUN_MS,
  }
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, options, (_, stdout, stderr) => {
      const start = stdout.indexOf('{')
      if (start < 0) reject(new Error(stderr))
      else resolve(JSON.parse(stdout.slice(start)) as Report)
    })
  })
}
