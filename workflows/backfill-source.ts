/**
 * Reads a stretch of the past window by window, in a ledger lane of its own: the live cursor never moves. Each window is
 * complete before the next begins. The lane remembers the windows that are done, so a backfill that was stopped goes on
 * with the window it was in, also when it is started again under its name.
 */
import {
  ApplicationFailure,
  continueAsNew,
  proxyActivities,
  setCurrentDetails,
  workflowInfo,
} from '@temporalio/workflow'
import type { Activities } from '../activities/index.js'
import type { BackfillReport, BackfillSourceInput } from './command-contract.js'
import { type BackfillStretch, backfillLane, type SyncPlan, type Window } from './contract.js'
import { formatCount } from './details.js'
import { planPolicy } from './policies.js'
import { runStream } from './start-stream.js'
import { isBefore, nextWindow } from './windows.js'

const { loadPlan } = proxyActivities<Activities>(planPolicy)

export async function backfillSource(input: BackfillSourceInput): Promise<BackfillReport> {
  const startedAtMs = input.resumed?.startedAtMs ?? Date.now()
  let from = input.resumed?.from
  let { next, windows, rows } = input.resumed ?? { next: input.from, windows: 0, rows: 0 }
  for (let window = nextWindow(next, input); window; window = nextWindow(next, input)) {
    const plan = await planWindow(input, window)
    const done = doneTo(plan)
    if (done !== undefined && isBefore(next, done)) {
      // Windows that an earlier run of this name has done.
      next = done
      from = done
      continue
    }
    rows += await readWindow(input, plan, window)
    windows += 1
    next = window.to
    setCurrentDetails(
      `**backfill ${input.name}** of ${input.source}: ${windows} windows done, up to \`${next}\` of \`${input.to}\`, ${formatCount(rows)} rows`,
    )
    if (workflowInfo().continueAsNewSuggested) {
      const resumed = { next, windows, rows, startedAtMs, ...(from !== undefined && { from }) }
      await continueAsNew<typeof backfillSource>({ ...input, resumed })
    }
  }
  const note = noteOn(input, from, windows)
  if (windows === 0) setCurrentDetails(`**backfill ${input.name}** of ${input.source}: ${note}`)
  const seconds = (Date.now() - startedAtMs) / 1000
  return {
    source: input.source,
    name: input.name,
    windows,
    rows,
    seconds,
    ...(note !== undefined && { note }),
  }
}

async function planWindow(input: BackfillSourceInput, window: Window): Promise<SyncPlan> {
  const plan = await loadPlan({
    source: input.source,
    window,
    stretch: stretchOf(input),
    ...(input.revision !== undefined && { revision: input.revision }),
    ...(input.streams && { streams: input.streams }),
  })
  if (plan.streams.length > 0) return plan
  throw ApplicationFailure.nonRetryable(
    `backfilling ${input.source}: none of its streams is incremental, so none can be read by window; use \`tributary reset\``,
    'ConfigInvalid',
  )
}

/** Up to where every stream has been read; undefined where one has not begun. */
function doneTo({ streams }: SyncPlan): string | undefined {
  let least: string | undefined
  for (const { backfilledTo } of streams) {
    if (backfilledTo === undefined) return undefined
    if (least === undefined || isBefore(backfilledTo, least)) least = backfilledTo
  }
  return least
}

async function readWindow(input: BackfillSourceInput, plan: SyncPlan, window: Window): Promise<number> {
  let rows = 0
  for (const stream of plan.streams) {
    const { backfilledTo } = stream
    if (backfilledTo !== undefined && !isBefore(backfilledTo, window.to)) continue
    const report = await runStream({ source: input.source, reason: 'backfill', window }, plan, stream, {
      lane: backfillLane(input.name),
      stretch: stretchOf(input),
    })
    rows += report.rows
  }
  return rows
}

function stretchOf({ name, from, to, step }: BackfillSourceInput): BackfillStretch {
  return { name, from, to, step }
}

function noteOn(input: BackfillSourceInput, from: string | undefined, windows: number): string | undefined {
  if (from === undefined) return undefined
  if (windows > 0) return `went on at ${from}: what is before it was done earlier`
  return `done earlier, nothing was read; give another --name to read ${input.from} to ${input.to} again`
}
