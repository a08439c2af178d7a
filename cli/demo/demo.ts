/**
 * The main job on real data, step by step: apply, sync by schedule, people and segments, changes, killed workers, segments that
 * leave, what was found.
 */

import { apply } from '../../operations/apply.js'
import { resume } from '../../operations/schedules.js'
import { state } from '../../operations/state.js'
import { activateSegments, type Delivered } from './activate.js'
import { syncChanges } from './changes.js'
import type { Check } from './checks.js'
import { firstSync, SOURCES } from './first-sync.js'
import { killRefresh } from './kill-refresh.js'
import { killWorker } from './kill-worker.js'
import type { SourceLoad } from './loads.js'
import { personWords } from './person-words.js'
import { firstRefresh, refreshChanges, type SegmentChanges } from './refresh.js'
import { selectRows } from './rows.js'
import type { Stage } from './stage.js'
import type { StepResult } from './step.js'

/** What `tributary demo --json` prints. */
export interface DemoResult {
  /** Every check is. */
  readonly ok: boolean
  readonly loads: readonly SourceLoad[]
  readonly seconds: number
  readonly checks: readonly Check[]
  /** Absent where the demo ended before anybody was found. */
  readonly profiles?: number
  /** By name; who entered and left did so since the first refresh. */
  readonly segments?: readonly SegmentChanges[]
  /** One person in words. */
  readonly person?: readonly string[]
  /** What was sent where. */
  readonly delivered?: readonly Delivered[]
}

/** Never fails: a step that cannot be done is a check that is not ok, and ends the demo. */
export async function performDemo(stage: Stage, startedAtMs: number): Promise<DemoResult> {
  const loads: SourceLoad[] = []
  const checks: Check[] = []
  const take = (step: StepResult) => {
    loads.push(...step.loads)
    checks.push(...step.checks)
  }
  let people: Pick<DemoResult, 'profiles' | 'segments' | 'person'> = {}
  let delivered: DemoResult['delivered']
  let doing = 'apply'
  try {
    checks.push(stackCheck(stage), await applyWorkspace(stage))
    doing = 'first sync'
    take(await firstSync(stage))
    doing = 'first refresh'
    const first = await firstRefresh(stage)
    checks.push(...first.checks)
    doing = 'second sync'
    const changed = await syncChanges(stage)
    take(changed)
    doing = 'second refresh'
    const second = await refreshChanges(stage, changed.changes, first)
    checks.push(...second.checks)
    people = {
      profiles: second.found.people.size,
      segments: second.segments,
      person: await personWords(stage, second.found),
    }
    doing = 'kill of the worker in a sync'
    take(await killWorker(stage, changed.changes))
    doing = 'kill of the worker in a refresh'
    checks.push(...(await killRefresh(stage, second)))
    doing = 'activations'
    const activated = await activateSegments(stage, second)
    checks.push(...activated.checks)
    delivered = activated.delivered
    doing = 'state and rejects'
    checks.push(await cursorCheck(stage), await rejectsCheck(stage))
  } catch (error) {
    stage.signal.throwIfAborted()
    checks.push({ name: `${doing} could be done`, ok: false, detail: (error as Error).message })
  }
  stage.progress.clear()
  return {
    ok: checks.every(({ ok }) => ok),
    loads,
    seconds: Math.round(Date.now() - startedAtMs) / 1000,
    checks,
    ...people,
    ...(delivered && { delivered }),
  }
}

/** From here on these run every ten seconds again, for whoever looks; the till's reads whole files at each run. */
export const LIVE_SOURCES = ['shop', 'loyalty'] as const

export async function resumeSchedules({ context }: Stage): Promise<void> {
  await Promise.all(LIVE_SOURCES.map((source) => resume(context, source)))
}

function stackCheck({ status, worker }: Stage): Check {
  const { temporal, clickhouse } = status
  return {
    name: 'Temporal, ClickHouse and a worker are up',
    ok: worker() !== undefined,
    detail: `Temporal ${temporal.address}, ClickHouse ${clickhouse.url}, worker process ${worker()?.pid}`,
  }
}

async function applyWorkspace({ context, progress }: Stage): Promise<Check> {
  progress.step('Applying the workspace')
  const applied = await apply(context, { author: 'demo', message: "the grocer's sources" })
  return {
    name: 'workspace applied',
    ok: applied.changed,
    detail: `revision ${applied.revision.slice(0, 12)} in ${applied.seconds} s`,
  }
}

async function cursorCheck({ context }: Stage): Promise<Check> {
  const rows = (await Promise.all(SOURCES.map((source) => state(context, source)))).flat()
  const without = rows.filter(({ sequence, loadId }) => sequence === 0 || loadId === '')
  return {
    name: 'every stream has a position',
    ok: rows.length === 11 && without.length === 0,
    detail:
      without.length === 0
        ? `${rows.length} streams`
        : `without: ${without.map(({ stream }) => stream).join(', ')}`,
  }
}

async function rejectsCheck(stage: Stage): Promise<Check> {
  const rows = await selectRows<{ stream: string; reason: string; n: string }>(
    stage,
    `SELECT source || '.' || stream AS stream, reason, count() AS n FROM tributary.rejects
     GROUP BY ALL ORDER BY n DESC LIMIT 5`,
  )
  return {
    name: 'no row was rejected',
    ok: rows.length === 0,
    detail:
      rows.length === 0
        ? '0 rejects'
        : rows.map(({ stream, reason, n }) => `${n} of ${stream}: ${reason}`).join('; '),
  }
}
