import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { identifyProcess, isAlive } from './process-identity.js'

const PROCESS_MODULE = new URL('./process.js', import.meta.url).href

describe('startProcess', () => {
  let dir: string

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'tributary-process-'))
  })
  afterEach(() => rm(dir, { recursive: true, force: true }))

  for (const [what, child] of [
    ['stops its child', ''],
    ['kills a child that does not want to stop', `process.on('SIGTERM', () => {});`],
  ]) {
    it(`${what} when its own process is killed with SIGKILL`, async function () {
      this.timeout(30_000)
      const script = join(dir, 'parent.mjs')
      const serving = join(dir, 'serving')
      const body = `${child} setInterval(() => {}, 1000); require('fs').writeFileSync(${JSON.stringify(serving)}, '')`
      await writeFile(
        script,
        `import { existsSync } from 'node:fs'
        import { startProcess, waitUntilReady } from ${JSON.stringify(PROCESS_MODULE)}
        const logFile = ${JSON.stringify(join(dir, 'log'))}
        const args = ['-e', ${JSON.stringify(body)}]
        const child = await startProcess({ name: 'child', command: process.execPath, args, logFile })
        await waitUntilReady(child, async () => existsSync(${JSON.stringify(serving)}), 10_000)
        console.log(child.pid)
        setInterval(() => {}, 1000)`,
      )
      const parent = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] })
      const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string]
      const identity = identifyProcess(Number(line))
      assert.ok(identity)
      parent.kill('SIGKILL')
      while (isAlive(identity)) await sleep(50)
    })
  }
})
