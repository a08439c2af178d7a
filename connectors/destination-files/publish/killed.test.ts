/** Workers that are killed (SIGKILL) at random leave no wrong file, and the last one leaves the right one. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { heldRecords } from '../held-records.testing.js'
import { sample } from '../samples.testing.js'
import { BATCH_RECORDS, BATCHES } from './worker.testing.js'

const WORKER = fileURLToPath(new URL('worker.testing.js', import.meta.url))

interface Life {
  /** How many batches are known to be written. */
  readonly written: number
  readonly ended: boolean
}

/** Runs a worker and kills it so long after it has said so many batches. */
async function live(
  root: string,
  args: readonly string[],
  from: number,
  kill: { readonly after: number; readonly ms: number },
): Promise<Life> {
  const child = spawn(process.execPath, [WORKER, ...args, String(from)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // Its scratch directory outlives it.
    env: { ...process.env, TMPDIR: root },
  })
  let written = from
  let timer: NodeJS.Timeout | undefined
  child.stdout.on('data', (chunk: Buffer) => {
    written += String(chunk).split('\n').length - 1
    if (written >= kill.after) timer ??= setTimeout(() => child.kill('SIGKILL'), kill.ms)
  })
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  clearTimeout(timer)
  return { written, ended: code === 0 }
}

describe('workers that are killed', function () {
  this.timeout(120_000)
  for (const format of ['ndjson', 'parquet'])
    it(`end with the right file of ${format}`, async () => {
      const root = await mkdtemp(join(tmpdir(), 'tributary-killed-'))
      const folder = join(root, 'files')
      await mkdir(folder)
      try {
        let life: Life = { written: 0, ended: false }
        for (let lives = 0; !life.ended; lives++) {
          assert.ok(lives < 100, 'it never ends')
          // In the first lives among the batches, in the later ones at the end of the run.
          const after = Math.min(BATCHES, life.written + 2)
          const kill = { after, ms: Math.random() * 10 * lives }
          life = await live(root, [folder, format], life.written, kill)
          const names = await readdir(folder)
          assert.deepEqual(
            names.filter((name) => !['.tributary', `run-1.${format}`, `latest.${format}`].includes(name)),
            [],
          )
        }
        for (const name of [`run-1.${format}`, `latest.${format}`]) {
          const bytes = await readFile(join(folder, name))
          const held = await heldRecords([{ name: `run-1.${format}`, bytes }], 'upsert', ['email'])
          const expected = Array.from({ length: BATCHES * BATCH_RECORDS }, (_, n) => sample(n))
          assert.deepEqual(held, expected)
        }
        assert.deepEqual(await readdir(join(folder, '.tributary', 'test')), ['finished.json'])
      } finally {
        await rm(root, { recursive: true })
      }
    })
})
