import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { claimDemoFolder } from './folder.js'

describe('claimDemoFolder', () => {
  let base: string
  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), 'tributary-demo-'))
  })
  afterEach(() => rm(base, { recursive: true, force: true }))

  it('gives demos that run at the same time folders of their own', async () => {
    const claimed = await Promise.all([1, 2, 3].map(() => claimDemoFolder(base)))
    assert.deepEqual(claimed.map(({ dir }) => basename(dir)).sort(), ['demo', 'demo-2', 'demo-3'])
    await Promise.all(claimed.map(({ release }) => release(false)))
    assert.deepEqual(await readdir(base), [])
  })

  it('keeps a folder that somebody wants to look at, until the next demo begins', async () => {
    const first = await claimDemoFolder(base)
    await mkdir(first.dir)
    await writeFile(join(first.dir, 'log'), 'why it failed')
    await first.release(true)
    assert.deepEqual(await readdir(first.dir), ['log'])
    const second = await claimDemoFolder(base)
    assert.equal(second.dir, first.dir)
    assert.deepEqual(await readdir(base), ['demo.lock'])
    await second.release(false)
  })

  it('clears away what demos that were killed left, and nothing else', async () => {
    for (const name of ['demo', 'demo-7', 'grocer-full', 'clickhouse']) await mkdir(join(base, name))
    const gone = JSON.stringify({ pid: 2 ** 22 + 1, startedAt: '1' })
    await writeFile(join(base, 'demo-7.lock'), gone)
    const { release } = await claimDemoFolder(base)
    assert.deepEqual((await readdir(base)).sort(), ['clickhouse', 'demo.lock', 'grocer-full'])
    await release(false)
  })
})
