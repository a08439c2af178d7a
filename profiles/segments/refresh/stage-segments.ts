/**
 * The step of a refresh that says who is in which segment: evaluates what can have changed, and writes a version of every
 * segment and the difference to the one before, as one load. Whatever it looks at, the outcome is that of a full evaluation.
 */
import type { Warehouse } from '../../../warehouse/client.js'
import { selectRows } from '../../../warehouse/query.js'
import { readSnapshot } from '../../facts/snapshot.js'
import { openStep, type StagedLoad, type StepContext } from '../../steps/derived-load.js'
import { compileSegment } from '../compile/compile.js'
import { readPropertyKinds } from '../compile/sources.js'
import { nothingNew, readNews, type SegmentsNews, type SegmentsState } from './news.js'
import { type BrokenSegment, prepareSegments, type SegmentInput } from './prepare.js'
import { isUpToDate, type Refresh, refreshMembers } from './refresh-members.js'
import { type QueryLimits, Scratch } from './scratch.js'
import { EVERYONE } from './sources.js'
import { readHeads, writeVersions } from './versions.js'

/** The stream of source `cdp` whose loads are versions of segments. */
export const SEGMENTS_STREAM = 'segments'

export interface StageSegmentsInput {
  readonly segments: readonly SegmentInput[]
  /** Segments whose files cannot be read or used. @default none */
  readonly broken?: readonly BrokenSegment[]
  /** IANA zone of dates and calendar windows in definitions that name none. */
  readonly timeZone: string
  /** Of each query. */
  readonly limits?: QueryLimits
  /** Evaluates all of everything over all history. @default false */
  readonly full?: boolean
  /** With more than this share of all people dirty everybody is evaluated, which is cheaper then. @default 0.3 */
  readonly dirtyShare?: number
}

export interface SegmentReport {
  readonly segment: string
  readonly size: number
  readonly entered: number
  readonly left: number
  readonly seconds: number
  /** Why it keeps its last good members. */
  readonly error?: string
}

export interface StagedSegments {
  /** Absent: nothing changed, not even the moment. */
  readonly staged?: StagedLoad
  /** Everyone first, then by name. */
  readonly report: readonly SegmentReport[]
}

/**
 * Evaluates segments for `context.now` and stages their versions. A segment that cannot be evaluated keeps its last good members
 * and says why; those that name it, too.
 * @throws where everyone cannot be told, or the warehouse cannot be reached
 */
export async function stageSegments(
  context: StepContext,
  { segments, broken = [], timeZone, limits, full = false, dirtyShare = 0.3 }: StageSegmentsInput,
): Promise<StagedSegments> {
  const { warehouse, now } = context
  const step = await openStep<SegmentsState>(context, SEGMENTS_STREAM)
  const news = await readNews(warehouse, step.state)
  const snapshot = await readSnapshot(warehouse)
  const heads = await readHeads(warehouse, snapshot)
  const propertyKinds = await readPropertyKinds(warehouse)
  const prepared = prepareSegments(segments, broken, ({ id, definition }) =>
    compileSegment(id, definition, { now, timeZone, propertyKinds }),
  )
  const refresh = { context, snapshot, news, heads, prepared, propertyKinds, state: step.state }
  if (!full && isCurrent(refresh))
    return { report: await readReport(warehouse, `version = ${step.state!.version} AND ${snapshot.loads}`) }

  let loadId = ''
  const staged = await step.stage(async (target) => {
    loadId = target.loadId
    const options = { purpose: 'refresh', loadId, signal: context.signal } as const
    const scratch = await Scratch.open(warehouse, { ...options, ...(limits && { limits }) })
    try {
      const versions = await refreshMembers(scratch, refresh, full ? undefined : dirtyShare)
      await writeVersions(scratch, versions, { ...target, now })
      return { rows: versions.length, state: stateAt(target.version, now, news), read: snapshot }
    } finally {
      await scratch.drop()
    }
  })
  return { staged, report: await readReport(warehouse, `_load_id = ${loadId}`) }
}

/** True where the last accepted load says all that this one would. */
function isCurrent({ context, state, news, heads, prepared }: Refresh): boolean {
  if (state === undefined || state.now !== context.now.getTime() || !nothingNew(news)) return false
  const published = [...heads.values()].filter(({ version }) => version === state.version)
  if (prepared.broken.length > 0 || published.length !== prepared.ordered.length + 1) return false
  return prepared.ordered.every(({ compiled, hash }) => isUpToDate(heads.get(compiled.id), hash, state))
}

function stateAt(
  version: number,
  now: Date,
  { mappings, identity, traits, lists }: SegmentsNews,
): SegmentsState {
  return {
    version,
    now: now.getTime(),
    mappings: mappings.position,
    identity: identity.position,
    traits: traits.position,
    lists: lists.position,
  }
}

async function readReport(warehouse: Warehouse, which: string): Promise<readonly SegmentReport[]> {
  const rows = await selectRows<Record<'size' | 'entered' | 'left', string> & SegmentReport>(
    warehouse,
    `SELECT segment, size, entered, left, seconds, error FROM cdp.segment_versions__rows
     WHERE ${which} ORDER BY segment != '${EVERYONE}', segment`,
  )
  return rows.map(({ segment, size, entered, left, seconds, error }) => ({
    segment,
    size: Number(size),
    entered: Number(entered),
    left: Number(left),
    seconds,
    ...(error !== '' && { error }),
  }))
}
