/**
 * Proves that incremental membership is what a full evaluation finds, for the moment for which it was published. People about
 * whom something came since are left out: the next refresh looks at them.
 */
import { newLoadId } from '../../../warehouse/ledger/ids.js'
import { selectRows } from '../../../warehouse/query.js'
import { quoteString } from '../../../warehouse/types/identifiers.js'
import { readSnapshot } from '../../facts/snapshot.js'
import { openStep, type StepContext } from '../../steps/derived-load.js'
import { compileSegment } from '../compile/compile.js'
import { readPropertyKinds } from '../compile/sources.js'
import { keepDirty, keepMoved } from './dirty.js'
import { evaluateSegments } from './evaluate.js'
import { keepEveryone, keepVisible } from './everyone.js'
import { readNews, type SegmentsState } from './news.js'
import { prepareSegments, type SegmentInput } from './prepare.js'
import { isUpToDate } from './refresh-members.js'
import { Scratch } from './scratch.js'
import { allFacts, BITMAPS, EVERYONE } from './sources.js'
import { SEGMENTS_STREAM } from './stage-segments.js'
import { keepPublished, readHeads } from './versions.js'

/** A refresh had something accepted while members were compared. */
export class AuditOvertaken extends Error {
  override readonly name = 'AuditOvertaken'
}

export interface SegmentDrift {
  readonly segment: string
  /** People who should be in it and are not. */
  readonly missing: number
  /** People who are in it and should not be. */
  readonly extra: number
}

export interface SegmentsAudit {
  /** The moment for which members are published; absent where nothing was published yet. */
  readonly at?: Date
  readonly segments: readonly SegmentDrift[]
  /** Sum over all segments: 0, or the refresh has a fault. */
  readonly drift: number
  /** People left out, about whom something came since. */
  readonly excluded: number
  /** Segments that cannot be compared, and why. */
  readonly skipped: readonly { readonly segment: string; readonly reason: string }[]
}

/**
 * Compares published members with a full evaluation. Writes nothing but scratch tables; may run beside a refresh.
 * @throws AuditOvertaken
 */
export async function auditSegments(
  context: StepContext,
  { segments, timeZone }: { readonly segments: readonly SegmentInput[]; readonly timeZone: string },
): Promise<SegmentsAudit> {
  const { warehouse, signal } = context
  const { state } = await openStep<SegmentsState>(context, SEGMENTS_STREAM)
  if (state === undefined) return { segments: [], drift: 0, excluded: 0, skipped: [] }
  const now = new Date(state.now)
  const news = await readNews(warehouse, state)
  if ([news.mappings, news.identity, news.traits].some(({ rebuilt }) => rebuilt)) {
    const reason = 'facts were rebuilt since; audit after the next refresh'
    const skipped = segments.map(({ id }) => ({ segment: id, reason }))
    return { at: now, segments: [], drift: 0, excluded: 0, skipped }
  }
  const snapshot = await readSnapshot(warehouse)
  const heads = await readHeads(warehouse, snapshot)
  const propertyKinds = await readPropertyKinds(warehouse)
  const prepared = prepareSegments(segments, [], ({ id, definition }) =>
    compileSegment(id, definition, { now, timeZone, propertyKinds }),
  )
  const comparable = prepared.ordered.filter(({ compiled, hash }) =>
    isUpToDate(heads.get(compiled.id), hash, state),
  )
  const ids = [EVERYONE, ...comparable.map(({ compiled }) => compiled.id)]
  const scratch = await Scratch.open(warehouse, { purpose: 'audit', loadId: newLoadId(), signal })
  try {
    await keepDirty(scratch, snapshot, news, [])
    const moved = await keepMoved(scratch, news.identity.loadIds, false)
    await keepPublished(
      scratch,
      snapshot,
      ids.flatMap((id) => heads.get(id) ?? []),
      moved,
    )
    await keepVisible(scratch, snapshot)
    await keepEveryone(scratch)
    const sources = allFacts(scratch, snapshot)
    const evaluated = comparable.map(({ compiled }) => ({ compiled, full: true }))
    const { errors } = await evaluateSegments(
      scratch,
      evaluated,
      { all: sources, dirty: sources },
      context.progress,
    )
    const compared = ids.filter((id) => !errors.has(id))
    const drifts = await selectRows<{ segment: string; missing: string; extra: string }>(
      warehouse,
      compared.map((id) => driftSql(scratch, id)).join(' UNION ALL '),
      {},
      signal,
    )
    const [excluded] = await scratch.sizes([BITMAPS.dirty])
    if (JSON.stringify(await readNews(warehouse, state)) !== JSON.stringify(news)) {
      throw new AuditOvertaken('auditing segments: facts came while they were compared; audit again')
    }
    const byName = drifts
      .map(({ segment, missing, extra }) => ({ segment, missing: Number(missing), extra: Number(extra) }))
      .sort((a, b) => ids.indexOf(a.segment) - ids.indexOf(b.segment))
    return {
      at: now,
      segments: byName,
      drift: byName.reduce((sum, { missing, extra }) => sum + missing + extra, 0),
      excluded: excluded!,
      skipped: segments
        .filter(({ id }) => !compared.includes(id))
        .map(({ id }) => ({
          segment: id,
          reason: errors.get(id) ?? 'its members are not published for this definition',
        })),
    }
  } finally {
    await scratch.drop()
  }
}

function driftSql(scratch: Scratch, segment: string): string {
  return scratch.select((bitmap) => {
    const [members, published, dirty] = [BITMAPS.members(segment), BITMAPS.old(segment), BITMAPS.dirty].map(
      bitmap,
    )
    const beyond = (these: string, those: string) =>
      `bitmapCardinality(bitmapAndnot(bitmapAndnot(${these}, ${those}), ${dirty}))`
    return `${quoteString(segment)} AS segment, ${beyond(members!, published!)} AS missing,
      ${beyond(published!, members!)} AS extra`
  })
}
