/** Waits for runs of activations that follow the newest refresh. */
import { setTimeout as sleep } from 'node:timers/promises'
import { NothingWaiting, type WaitingPlan, waitingPlan } from '../../operations/activations/decide.js'
import { activationHistory } from '../../operations/activations/recorded.js'
import { findPeople } from './people.js'
import type { Stage } from './stage.js'

type Run = Awaited<ReturnType<typeof activationHistory>>[number]

const POLL_MS = 100
/** A run takes a second or two, after the refresh that asked for it. */
const WAIT_MS = 60_000

/** The run of each that made its plan of the newest members. */
export async function runsOfNewest(
  stage: Stage,
  activations: readonly string[],
): Promise<ReadonlyMap<string, Run>> {
  const runs = await Promise.all(activations.map((activation) => settledRun(stage, activation)))
  return new Map(runs.map((run) => [run.activation, run]))
}

export async function settledRun(stage: Stage, activation: string): Promise<Run> {
  const { version } = await findPeople(stage)
  return until(stage, `a run of ${activation}`, async () => {
    const [run] = await activationHistory(stage.context, { activation, limit: 1 })
    return (run?.plan?.segmentVersion ?? 0) >= version ? run : undefined
  })
}

export function planThatWaits(stage: Stage, activation: string): Promise<WaitingPlan> {
  return until(stage, `a plan of ${activation}`, async () => {
    try {
      return await waitingPlan(stage.context, activation)
    } catch (error) {
      if (error instanceof NothingWaiting) return undefined
      throw error
    }
  })
}

async function until<Result>(
  { signal }: Stage,
  what: string,
  ask: () => Promise<Result | undefined>,
): Promise<Result> {
  const deadline = Date.now() + WAIT_MS
  while (Date.now() < deadline) {
    const result = await ask()
    if (result !== undefined) return result
    await sleep(POLL_MS, undefined, { signal })
  }
  throw new Error(`waiting for ${what}: none came within ${WAIT_MS / 1000} s`)
}
