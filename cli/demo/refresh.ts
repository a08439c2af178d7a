/** People and segments after the first sync and after the morning: a refresh, and everybody compared with the files. */
import { changedRecords } from '../../examples/grocer/people/changed-records.js'
import { type ExpectedPeople, expectedPeople } from '../../examples/grocer/people/expected-people.js'
import { type GrocerRecords, readRecords } from '../../examples/grocer/people/read-records.js'
import { type RefreshResult, startRefresh } from '../../operations/refresh.js'
import { formatCount, formatSeconds } from '../format.js'
import type { MadeChanges } from './changes.js'
import type { Check } from './checks.js'
import { changesSince, type FoundPeople, findPeople } from './people.js'
import { expectedSegments, logChecks, peopleChecks } from './people-checks.js'
import type { Stage } from './stage.js'

/** What was found, and what the files say. */
export interface Refreshed {
  readonly records: GrocerRecords
  readonly found: FoundPeople
  readonly expected: ExpectedPeople
  readonly checks: readonly Check[]
}

export interface SegmentChanges {
  readonly name: string
  readonly size: number
  readonly entered: number
  readonly left: number
}

export async function firstRefresh(stage: Stage): Promise<Refreshed> {
  stage.progress.step('Finding people and segments')
  const records = await readRecords(stage.dataDirectory)
  const result = await refresh(stage)
  const found = await findPeople(stage)
  const expected = expectedPeople(records, Date.now())
  const checks = [succeeded('first refresh', result), ...peopleChecks('first', found, expected)]
  return { records, found, expected, checks }
}

/** Only what changed is looked at again; who entered and left is the difference. */
export async function refreshChanges(
  stage: Stage,
  changes: MadeChanges,
  before: Refreshed,
): Promise<Refreshed & { readonly segments: readonly SegmentChanges[] }> {
  stage.progress.step('Refreshing people and segments: only what changed')
  const result = await refresh(stage)
  const found = await findPeople(stage)
  const records = changedRecords(before.records, changes, Date.now())
  const expected = expectedPeople(records, Date.now())
  const log = await changesSince(stage, before.found.version)
  const then = expectedSegments(before.expected, before.found)
  const now = expectedSegments(expected, found)
  const count = (id: string, change: string) =>
    log.filter((row) => row.segment === id && row.change === change).length
  const segments = [...found.segments].sort().map(([name, { size }]) => ({
    name,
    size,
    entered: count(name, 'entered'),
    left: count(name, 'left'),
  }))
  for (const { name, entered, left } of segments.filter((line) => line.entered + line.left > 0)) {
    stage.progress.note(`${name}: ${formatCount(entered)} entered, ${formatCount(left)} left`)
  }
  return {
    records,
    found,
    expected,
    segments,
    checks: [
      succeeded('second refresh', result),
      ...peopleChecks('after the changes', found, expected),
      ...logChecks(log, then, now),
    ],
  }
}

/** Asks for a round and says which step it is at. */
export async function refresh(stage: Stage): Promise<RefreshResult> {
  const { context, signal, progress } = stage
  const started = await startRefresh(context)
  return follow(stage, () => started.result({ signal, onProgress: stepWords(progress) }))
}

async function follow({ progress }: Stage, result: () => Promise<RefreshResult>): Promise<RefreshResult> {
  const report = await result()
  const { outcome, profiles, identifiers, segments, seconds } = report
  progress.note(
    `${outcome}: ${formatCount(profiles)} profiles of ${formatCount(identifiers)} identifiers, ${segments.length} segments in ${formatSeconds(seconds)}`,
  )
  return report
}

/** A note for each step that begins. */
export function stepWords(progress: Pick<Stage['progress'], 'note'>) {
  let told = ''
  return ({ steps }: { readonly steps: readonly { readonly name: string; readonly status: string }[] }) => {
    const at = steps.findIndex(({ status }) => status === 'running')
    const name = steps[at]?.name
    if (name === undefined || name === told) return
    told = name
    progress.note(`step ${at + 1} of ${steps.length}: ${name}`)
  }
}

export function succeeded(when: string, { outcome, steps, segments, error }: RefreshResult): Check {
  const errors = [
    ...steps.flatMap((step) => (step.error ? [`${step.name}: ${step.error.message}`] : [])),
    ...segments.flatMap((segment) => (segment.error ? [`${segment.name}: ${segment.error}`] : [])),
    ...(error ? [error.message] : []),
  ]
  return {
    name: `refreshes succeeded: ${when}`,
    ok: outcome === 'succeeded',
    detail: [outcome, ...new Set(errors)].join('; '),
  }
}
