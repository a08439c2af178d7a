/** Whether anybody else uses the machine: figures of a busy one are said to be such. */
import { availableParallelism, loadavg } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { busySeconds } from './processes.js'

export interface MachineState {
  readonly cores: number
  /** Share of the CPU that nobody used just before the run. */
  readonly idleShare: number
  readonly load1: number
  /** `busy` where more than a tenth of the CPU was in use. */
  readonly state: 'idle' | 'busy'
}

const WATCH_MS = 500
const IDLE_SHARE = 0.9

/** Watches the machine for half a second; call it while nothing of ours is at work. */
export async function watchMachine(): Promise<MachineState> {
  const before = busySeconds()
  await sleep(WATCH_MS)
  const after = busySeconds()
  const idleShare = 1 - (after.busy - before.busy) / Math.max(0.01, after.all - before.all)
  return {
    cores: availableParallelism(),
    idleShare: Math.round(idleShare * 100) / 100,
    load1: Math.round(loadavg()[0]! * 100) / 100,
    state: idleShare >= IDLE_SHARE ? 'idle' : 'busy',
  }
}
