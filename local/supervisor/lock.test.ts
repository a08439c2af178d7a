import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { identifyProcess } from '../process-identity.js'
import { acquireLock, lockHolder } from './lock.js'

describe('acquireLock', () => {
  let dir: string
  let path: string

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'tributary-lock-'))
    path = join(dir, 'supervisor.lock')
  })
  afterEach(() => rm(dir, { recursive: true, force: true }))

  it('names its holder and refuses a second one until it is given back', async () => {
    const release = await acquireLock(path)
    assert.deepEqual(await lockHolder(path), identifyProcess(process.pid))
    await assert.rejects(
      acquireLock(path),
      new RegExp(`already runs in this workspace \\(process ${process.pid}\\)`),
    )
    await release()
    await (await acquireLock(path))()
    assert.deepEqual(await readdir(dir), [])
  })

  for (const [what, content] of [
    ['a process that is gone', JSON.stringify({ pid: 2 ** 22 + 1, startedAt: '1' })],
    ['a process whose id another one has now', JSON.stringify({ pid: process.pid, startedAt: 'earlier' })],
    ['a crash that left it empty', ''],
  ]) {
    it(`takes over from ${what}`, async () => {
      await writeFile(path, content!)
      const release = await acquireLock(path)
      assert.deepEqual(await lockHolder(path), identifyProcess(process.pid))
      await release()
    })
  }
})
