/** How long Ctrl-C takes to end the whole local stack, as it is and with a worker that does not answer any more. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { isAlive } from '../../local/process-identity.js'
import { stopStack } from '../../local/supervisor/control.js'
import { readStackRecord } from '../../runtime/stack.js'
import type { Benchmark } from '../benchmark.js'
import { type MachineState, watchMachine } from '../measure/machine.js'
import { median, rounded } from '../measure/statistics.js'
import { withParts } from '../support/parts.js'

const LIMIT_SECONDS = 10
const CLI = fileURLToPath(new URL('../../cli/main.js', import.meta.url))

/** What state the workers are in when somebody presses Ctrl-C. */
const WORKERS = { willing: undefined, stopped: 'SIGSTOP' } as const

export const stop: Benchmark = {
  name: 'stop',
  claim: 'Ctrl-C ends everything that tributary up started in < 10 s, also where a worker does not answer',
  run(options) {
    return withParts(async ({ folder, start }) => {
      const workspaceDir = join(folder, 'workspace')
      // Whatever goes wrong, nothing is left running.
      await start(Promise.resolve({ stop: () => stopStack(workspaceDir).then(() => undefined) }))
      await mkdir(workspaceDir)
      await writeFile(join(workspaceDir, 'tributary.yaml'), 'workspace: bench\n')
      const runs: { workers: string; seconds: number; machine: MachineState }[] = []
      for (let run = 0; run < options.runs; run++) {
        for (const [workers, signal] of Object.entries(WORKERS)) {
          const machine = await watchMachine()
          const seconds = await secondsToStop(workspaceDir, signal)
          options.log(`workers ${workers}: ${seconds.toFixed(2)} s`)
          runs.push({ workers, seconds: rounded(seconds), machine })
        }
      }
      const of = (workers: string) =>
        runs.filter((run) => run.workers === workers).map(({ seconds }) => seconds)
      const value = median(of('stopped'))
      return {
        value,
        unit: 's',
        reference: 'what it may take',
        against: LIMIT_SECONDS,
        ratio: rounded(value / LIMIT_SECONDS),
        peakRssMb: {},
        details: { willing: median(of('willing')), worst: Math.max(...runs.map(({ seconds }) => seconds)) },
        runs,
      }
    })
  },
}

/**
 * Starts the stack as a terminal does, in a group of processes of its own, and presses Ctrl-C when it serves.
 * @param signal what the workers get first
 * @throws where a process is left
 */
async function secondsToStop(workspaceDir: string, signal: NodeJS.Signals | undefined): Promise<number> {
  const args = [CLI, 'up', '--json', '--workers', '2', '--workspace', workspaceDir]
  const up = spawn(process.execPath, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const said = text(up.stderr)
  const exited = once(up, 'exit')
  await Promise.race([
    once(createInterface({ input: up.stdout }), 'line'),
    exited.then(async ([code]) => {
      throw new Error(`tributary up ended with ${code} before it served: ${await said}`)
    }),
  ])
  const { processes } = (await readStackRecord(workspaceDir))!
  for (const { name, pid } of processes) if (signal && name.startsWith('worker')) process.kill(pid, signal)
  const startedAt = performance.now()
  process.kill(-up.pid!, 'SIGINT')
  const [code] = await exited
  const seconds = (performance.now() - startedAt) / 1000
  const left = processes.filter(isAlive).map(({ name }) => name)
  if (code !== 0 || left.length > 0)
    throw new Error(`tributary up ended with ${code} and left ${left.join(', ') || 'nothing'} running`)
  return seconds
}
