/**
 * The test command: builds, checks what a machine can check, runs every suite, and ends with one line of true numbers.
 * `node scripts/test.mjs [part of a suite's name …]` runs only those suites. Exit code 1 where anything failed.
 * A file of tests that failed beside another suite is run once more when nothing else runs: what passes then is told as FLAKY, with
 * the failure it had, and is a bug to mend; what fails again has failed.
 */
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What the rest stands on; what is in one line is built side by side. */
const BUILD = [
  [['build', 'npx', 'tsc', '-b']],
  [
    ['bundle', 'node', 'scripts/bundle-workflows.mjs'],
    ['page', 'node', 'scripts/build-web.mjs'],
  ],
]

/** Each check is one command that fails when something is not as it should be. They use one core: suites run beside them. */
const CHECKS = [
  ['format and lint', 'npx', 'biome', 'check', '.'],
  ['generated types', 'node', 'scripts/generate-types.mjs', '--check'],
  ['generated API', 'node', 'scripts/generate-api.mjs', '--check'],
  ['import rules', 'npx', 'depcruise', '--config', '.dependency-cruiser.cjs', ...sources()],
  ['unused code', 'npx', 'knip', '--no-config-hints'],
]

/** One process a suite, so that none can disturb another. What is quick and often wrong comes first, then the longest, so that all end together. */
const SUITES = [
  ['schemas', 'schemas/dist/**/*.test.js'],
  ['architecture', 'dist/test/*.test.js'],
  ['web', 'web/dist/**/*.test.js'],
  ['command line', 'dist/test/cli/**/*.test.js'],
  [
    'pages',
    'dist/test/page/!(activation*|builder|destinations|keyboard-segments|people|recovery|story|two-people).test.js',
  ],
  // Braces alone are no pattern to mocha.
  ['page of segments', 'dist/test/page/{builder,keyboard-segments,people,two-people}*.test.js'],
  ['crash', 'dist/test/crash/**/*.test.js'],
  ['end to end', 'dist/test/e2e/**/*.test.js'],
  ['page in a story', 'dist/test/page/{story,recovery}*.test.js'],
  ['page of activations', 'dist/test/page/{activation*,destinations}.test.js'],
  ['activation', 'dist/activation/**/*.test.js'],
  ['demo', 'dist/test/demo/**/*.test.js'],
  ['faults', 'dist/test/faults/**/*.test.js'],
  ['runtime', 'dist/runtime/**/*.test.js'],
  ['workspace', 'dist/workspace/**/*.test.js'],
  ['warehouse', 'dist/warehouse/**/*.test.js'],
  ['people', 'dist/profiles/{definitions,facts,identity,people,steps,time,traits}/**/*.test.js'],
  ['mappings', 'dist/profiles/mappings/**/*.test.js'],
  ['segments', 'dist/profiles/segments/**/*.test.js'],
  ['fuzz', 'dist/test/fuzz/**/*.test.js'],
  ['workflows', 'dist/{workflows,activities,operations,cli}/**/*.test.js'],
  ['kit', 'connectors/sdk/dist/**/*.test.js'],
  [
    'source-files',
    'connectors/source-files/dist/**/*.test.js',
    'dist/connectors/source-files/test/**/*.test.js',
  ],
  [
    'source-postgres',
    'connectors/postgres/dist/**/*.test.js',
    'connectors/source-postgres/dist/**/*.test.js',
    'dist/connectors/source-postgres/test/**/*.test.js',
  ],
  [
    'destinations',
    'connectors/destination-*/dist/**/*.test.js',
    'dist/connectors/destination-*/test/**/*.test.js',
  ],
  ['grocer', 'examples/grocer/connectors/*/dist/**/*.test.js', 'dist/examples/**/*.test.js'],
  ['server', 'dist/server/**/*.test.js'],
  ['local', 'dist/local/**/*.test.js'],
  ['ledger', 'dist/test/warehouse/**/*.test.js'],
]

/** Suites at once: most of them wait for servers more than they compute. */
const CONCURRENCY = 3
const SUITE_TIMEOUT_MS = 20 * 60_000
/** More than so many failing files are no coincidence: they are not run again. */
const MAX_FILES_AGAIN = 4

function sources() {
  return [
    'schemas',
    'connectors',
    'runtime',
    'warehouse',
    'profiles',
    'activation',
    'workspace',
    'workflows',
    'activities',
    'operations',
    'cli',
    'local',
    'server',
    'examples',
    'worker.ts',
  ]
}

const wanted = process.argv.slice(2)
const scratch = await mkdtemp(join(tmpdir(), 'tributary-tests-'))
let passed = 0
let failed = 0
/** Suites with tests that failed beside another suite. */
const doubtful = []
try {
  for (const steps of BUILD) {
    const built = await Promise.all(steps.map((step) => runCheck(...step)))
    // Nothing after a broken build can be trusted.
    if (built.includes(false)) throw new Error('the build failed')
  }
  const suites = SUITES.filter(([name]) => wanted.length === 0 || wanted.some((part) => name.includes(part)))
  const jobs = [
    ...CHECKS.map((check) => () => runCheck(...check)),
    ...suites.map((suite) => () => runSuite(...suite)),
  ]
  await Promise.all(Array.from({ length: CONCURRENCY }, () => runAll(jobs)))
  await runAgain()
} catch (error) {
  console.log(String(error))
} finally {
  await rm(scratch, { recursive: true, force: true })
  console.log(`${passed} passed, ${failed} failed`)
  process.exitCode = failed === 0 ? 0 : 1
}

async function runAll(queue) {
  for (let job = queue.shift(); job; job = queue.shift()) await job()
}

/** @returns whether it was as it should be */
async function runCheck(name, command, ...args) {
  const { code, output, seconds } = await run(command, args)
  report(code === 0, name, seconds, code === 0 ? '' : output)
  return code === 0
}

async function runSuite(name, ...patterns) {
  const file = join(scratch, `${name.replaceAll(/\W+/g, '-')}.json`)
  const args = [
    'mocha',
    '--reporter',
    'json',
    '--reporter-option',
    `output=${file}`,
    '--no-warnings',
    ...patterns,
  ]
  const { code, output, seconds } = await run('npx', args)
  const result = await readFile(file, 'utf8').then(JSON.parse, () => undefined)
  if (result === undefined) {
    report(false, name, seconds, output)
    return
  }
  passed += result.stats.passes
  failed += result.stats.failures
  if (result.stats.failures > 0) doubtful.push({ name, result })
  // Mocha can fail without a failing test: an error after the last one, or a process that does not end.
  if (code !== 0 && result.stats.failures === 0) report(false, name, seconds, output)
  const skipped = result.stats.pending === 0 ? '' : `, ${result.stats.pending} skipped`
  console.log(
    `${result.stats.failures === 0 ? 'ok  ' : 'FAIL'} ${name}: ${result.stats.passes} tests${skipped} (${seconds} s)`,
  )
  for (const test of result.failures)
    console.log(`     ${test.fullTitle}\n${indent(test.err.stack ?? test.err.message)}`)
  for (const test of result.pending) console.log(`     skipped: ${test.fullTitle}`)
}

/** Runs the files of failed tests once more, alone, and counts their tests as they end then. */
async function runAgain() {
  const again = doubtful.map(({ name, result }) => ({
    name,
    result,
    files: new Set(result.failures.map(({ file }) => file)),
  }))
  if (again.reduce((sum, { files }) => sum + files.size, 0) > MAX_FILES_AGAIN) return
  for (const { name, result, files } of again) {
    passed -= result.passes.filter(({ file }) => files.has(file)).length
    failed -= result.stats.failures
    const failedBefore = failed
    await runSuite(`${name}, again alone`, ...files)
    if (failed > failedBefore) continue
    for (const { fullTitle } of result.failures) console.log(`FLAKY ${fullTitle}`)
  }
}

function report(ok, name, seconds, output) {
  if (ok) passed += 1
  else failed += 1
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`)
  if (output) console.log(indent(output.slice(-8000)))
}

function indent(text) {
  return text.replace(/^/gm, '     ')
}

async function run(command, args) {
  const started = performance.now()
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const chunks = []
  child.stdout.on('data', (chunk) => chunks.push(chunk))
  child.stderr.on('data', (chunk) => chunks.push(chunk))
  const timer = setTimeout(() => child.kill('SIGKILL'), SUITE_TIMEOUT_MS)
  const code = await new Promise((resolve) => {
    child.once('close', (code) => resolve(code ?? 1))
    child.once('error', () => resolve(1))
  })
  clearTimeout(timer)
  return {
    code,
    output: Buffer.concat(chunks).toString('utf8'),
    seconds: Math.round((performance.now() - started) / 100) / 10,
  }
}
