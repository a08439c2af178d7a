import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, rmdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadConnector, loadDestination } from '../package/load-connector.js'
import { scaffoldConnector } from './scaffold.js'

const require = createRequire(import.meta.url)
/** Inside the repository, so that the new package finds its dependencies; ignored by git. */
const CACHE = fileURLToPath(new URL('../../.cache/', import.meta.url))

/** Runs a program of node_modules; resolves to its exit code and output. */
function run(script: string, args: string[], cwd: string): Promise<{ exit: number; output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], { cwd }, (error, stdout, stderr) =>
      resolve({ exit: error ? Number(error.code ?? 1) : 0, output: stdout + stderr }),
    )
  })
}

/** Fails unless the package's generated types are current, it compiles, and its many tests pass. */
async function assertPasses(folder: string): Promise<void> {
  const generator = fileURLToPath(new URL('../../../../scripts/generate-types.mjs', import.meta.url))
  assert.deepEqual(await run(generator, ['--check', folder], folder), { exit: 0, output: '' })
  const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc')
  assert.deepEqual(await run(tsc, ['-p', '.'], folder), { exit: 0, output: '' })
  const mocha = join(dirname(require.resolve('mocha/package.json')), 'bin/mocha.js')
  const tests = await run(mocha, ['--reporter', 'dot', '--no-config', 'dist/test/*.test.js'], folder)
  assert.equal(tests.exit, 0, tests.output)
  assert.ok(Number(/(\d+) passing/.exec(tests.output)?.[1]) > 50, tests.output)
}

describe('scaffoldConnector', () => {
  let directory: string
  before(async () => {
    await mkdir(CACHE, { recursive: true })
    directory = await mkdtemp(join(CACHE, 'scaffold-'))
  })
  after(async () => {
    await rm(directory, { recursive: true })
    await rmdir(CACHE).catch(() => {})
  })

  it('writes a connector that compiles, passes the conformance suite and loads', async function () {
    this.timeout(120_000)
    const folder = join(directory, 'source-acme-crm')
    const files = await scaffoldConnector({
      directory: folder,
      name: '@company/source-acme-crm',
      title: "Acme's `CRM`",
    })
    assert.deepEqual(files.toSorted(), [
      'README.md',
      'client.ts',
      'icon.svg',
      'index.ts',
      'package.json',
      'schemas/items.json',
      'spec.json',
      'spec.ts',
      'streams/items.ts',
      'test/source-acme-crm.test.ts',
      'test/vendor.ts',
      'tsconfig.json',
    ])
    await assertPasses(folder)
    const { name, version, title } = await loadConnector('./source-acme-crm', directory)
    assert.deepEqual([name, version, title], ['@company/source-acme-crm', '0.1.0', 'Acme’s CRM'])
  })
  it('writes a destination that compiles, passes the conformance suite and loads', async function () {
    this.timeout(120_000)
    const folder = join(directory, 'destination-acme')
    const files = await scaffoldConnector({
      directory: folder,
      name: 'destination-acme',
      title: "Acme's `CRM`",
    })
    assert.deepEqual(files.toSorted(), [
      'README.md',
      'client.ts',
      'icon.svg',
      'index.ts',
      'objects/contacts.ts',
      'package.json',
      'spec.json',
      'spec.ts',
      'test/destination-acme.test.ts',
      'test/vendor.ts',
      'tsconfig.json',
    ])
    await assertPasses(folder)
    const { name, version, title } = await loadDestination('./destination-acme', directory)
    assert.deepEqual([name, version, title], ['destination-acme', '0.1.0', 'Acme’s CRM'])
  })
  it('writes what it is told to, whatever the name', async () => {
    const folder = join(directory, 'acme')
    const files = await scaffoldConnector({ directory: folder, name: 'acme', kind: 'destination' })
    assert.ok(files.includes('objects/contacts.ts'))
  })
  it('derives the title from the name', async () => {
    const folder = join(directory, 'source-some-shop')
    await scaffoldConnector({ directory: folder, name: 'source-some-shop' })
    await assert.rejects(loadConnector('./source-some-shop', directory), {
      kind: 'ConfigInvalid',
      message: /dist\/index\.js does not exist; build/,
    })
  })
  it('refuses a folder with files, and names that npm refuses', async () => {
    await assert.rejects(scaffoldConnector({ directory: CACHE, name: 'source-x' }), { kind: 'ConfigInvalid' })
    for (const name of ['', 'Source', '../x', 'a/b', '@a/b/c', 'ünï']) {
      await assert.rejects(scaffoldConnector({ directory: join(directory, 'new'), name }), {
        kind: 'ConfigInvalid',
      })
    }
  })
})
