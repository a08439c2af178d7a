/** The first sync: nobody starts it, the schedules fire. They are paused once they have, so that later counts stand still. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expectedStreams } from '../../examples/grocer/expected.js'
import { finishedRuns } from '../../operations/runs.js'
import { pause, showSchedule } from '../../operations/schedules.js'
import type { Report } from '../report.js'
import { type Check, checkStreams } from './checks.js'
import { follow } from './follow.js'
import { loadOf } from './loads.js'
import type { Stage } from './stage.js'
import { allSucceeded, type StepResult } from './step.js'

export const SOURCES = ['till', 'shop', 'loyalty'] as const

const FIRES_WITHIN_MS = 60_000
const POLL_MS = 200

export async function firstSync(stage: Stage): Promise<StepResult> {
  stage.progress.step('Waiting for the schedules: every source runs every 10 seconds')
  const runs = await Promise.all(SOURCES.map((source) => scheduledRun(stage, source)))
  const reports = runs.map(({ report }) => report)
  const fired: Check = {
    name: 'schedules fired',
    ok: runs.every(({ taken }) => taken > 0),
    detail: runs.map(({ report, taken }) => `${report.source} ${taken} (${report.workflowId})`).join(', '),
  }
  return {
    loads: reports.map((report) => loadOf('first', report)),
    checks: [
      fired,
      allSucceeded('first sync', reports),
      faultsServed(stage),
      ...(await checkStreams(stage, 'first sync', expectedStreams(stage.manifest))),
    ],
  }
}

/** The run that the schedule started by itself, followed to its end. @throws when it does not fire */
async function scheduledRun(
  stage: Stage,
  source: string,
): Promise<{ readonly report: Report; readonly taken: number }> {
  const { context, signal, progress } = stage
  const deadline = Date.now() + FIRES_WITHIN_MS
  for (;;) {
    const { taken, running } = await showSchedule(context, source)
    if (taken > 0) {
      await pause(context, source, 'the demo counts rows')
      const [run] = running
      if (run) {
        progress.note(`${source}: its schedule started ${run.workflowId}`)
        const report = await follow(stage, { source, ...run })
        return { report, taken }
      }
      const [report] = await finishedRuns(context, { source, limit: 1 })
      if (report) return { report, taken }
    }
    if (Date.now() > deadline) {
      throw new Error(
        `waiting for the schedule of ${source}: it did not fire within ${FIRES_WITHIN_MS / 1000} s; look at it in the Temporal UI, and at the logs`,
      )
    }
    await sleep(POLL_MS, undefined, { signal })
  }
}

function faultsServed({ systems }: Stage): Check {
  const { requests, faults, limited } = systems.loyalty.stats()
  const served = Object.values(faults).reduce((sum, count) => sum + count, 0)
  return {
    name: 'real faults were served and survived',
    ok: served > 0,
    detail: `${requests} requests to the loyalty API met ${[
      ...Object.entries(faults),
      ['limited', limited] as const,
    ]
      .map(([kind, count]) => `${kind} ${count}`)
      .join(', ')}`,
  }
}
