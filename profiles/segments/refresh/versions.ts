/**
 * Versions of segments: one row a segment and refresh, also where nobody came or went, so that it is known for which moment the
 * members are good. A row carries the members only where they changed.
 */
import type { Warehouse } from '../../../warehouse/client.js'
import { selectRows } from '../../../warehouse/query.js'
import { quoteString } from '../../../warehouse/types/identifiers.js'
import type { FactsSnapshot } from '../../facts/snapshot.js'
import { profileOf } from '../../people/dictionaries.js'
import { timeLiteral } from '../../time/sql-time.js'
import { NOBODY, type Scratch } from './scratch.js'
import { BITMAPS } from './sources.js'

/** What is published of a segment. */
export interface SegmentHead {
  readonly segment: string
  readonly version: number
  /** The version whose row has the members. */
  readonly carried: number
  readonly definition: string
  readonly error: string
  readonly size: number
}

/** The newest accepted version of every segment, by segment. */
export async function readHeads(
  warehouse: Warehouse,
  snapshot: FactsSnapshot,
): Promise<ReadonlyMap<string, SegmentHead>> {
  const rows = await selectRows<SegmentHead & { size: string }>(
    warehouse,
    `SELECT segment, max(rows.version) AS version, maxIf(rows.version, carries) AS carried,
       argMax(rows.definition, rows.version) AS definition, argMax(rows.error, rows.version) AS error,
       argMax(rows.size, rows.version) AS size
     FROM cdp.segment_versions__rows AS rows WHERE ${snapshot.loads} GROUP BY segment`,
  )
  return new Map(rows.map((head) => [head.segment, { ...head, size: Number(head.size) }]))
}

/**
 * Keeps the published members of these segments under today's ids, and as they are where some ids moved.
 * @param moved whether `moved` is kept
 */
export async function keepPublished(
  scratch: Scratch,
  snapshot: FactsSnapshot,
  heads: readonly SegmentHead[],
  moved: boolean,
): Promise<void> {
  if (heads.length === 0) return
  const kept = (moved ? BITMAPS.published : BITMAPS.old)('')
  const versions = heads.map(({ segment, carried }) => `(${quoteString(segment)}, ${carried})`).join(', ')
  await scratch.put(
    `SELECT concat('${kept}', segment) AS name, members FROM cdp.segment_versions__rows
     WHERE ${snapshot.loads} AND (segment, version) IN (${versions})`,
  )
  if (!moved) return
  await scratch.put(
    `SELECT replaceOne(published.name, '${BITMAPS.published('')}', '${BITMAPS.old('')}') AS name,
       bitmapOr(bitmapAndnot(members, moved), bitmapBuild(arrayMap(
         node -> ${profileOf('node')}, bitmapToArray(bitmapAnd(members, moved))))) AS members
     FROM ${scratch.bitmaps} AS published
     CROSS JOIN (${scratch.select((bitmap) => `${bitmap(BITMAPS.moved)} AS moved`)}) AS moves
     WHERE startsWith(published.name, '${BITMAPS.published('')}')`,
  )
}

/** A version about to be written. */
export interface NewVersion {
  readonly segment: string
  readonly definition: string
  readonly seconds: number
  /** Empty: none. */
  readonly error: string
  /** The first one: its members are the beginning of the log and stand there for everybody's entering. */
  readonly first: boolean
  /** The bitmap `members` has all members, not those among the dirty. */
  readonly whole: boolean
  /** Why members change where neither their facts nor their identity did. */
  readonly cause: 'definition' | 'identity' | 'data' | 'time'
}

interface Written {
  readonly version: number
  readonly loadId: string
  readonly now: Date
}

/** How many segments' bitmaps one query holds. */
const AT_ONCE = 25

/** Writes rows of versions and of the log. */
export async function writeVersions(
  scratch: Scratch,
  versions: readonly NewVersion[],
  written: Written,
): Promise<void> {
  for (let from = 0; from < versions.length; from += AT_ONCE) {
    const some = versions.slice(from, from + AT_ONCE)
    await scratch.run(versionRows(scratch, some, written))
    const logged = some.filter(({ first }) => !first)
    if (logged.length > 0) await scratch.run(logRows(scratch, logged, written))
  }
}

function versionRows(scratch: Scratch, versions: readonly NewVersion[], written: Written): string {
  const of = (value: (version: NewVersion) => string) => bySegment(versions, value)
  return `INSERT INTO cdp.segment_versions__rows
      (segment, definition, members, carries, size, entered, left, seconds, error, at, version, _load_id)
    SELECT segment, ${of(({ definition }) => quoteString(definition))}, if(changed, now, ${NOBODY}), changed,
      bitmapCardinality(now), bitmapAndnotCardinality(now, old), bitmapAndnotCardinality(old, now),
      ${of(({ seconds }) => `toFloat64(${seconds})`)}, ${of(({ error }) => quoteString(error))},
      ${timeLiteral(written.now)}, ${written.version}, ${written.loadId}
    FROM (SELECT *, toUInt8(${of(({ first }) => (first ? '1' : '0'))} OR bitmapXorCardinality(published, now) > 0) AS changed
      FROM (${bitmapsOf(scratch, versions)}))`
}

function logRows(scratch: Scratch, versions: readonly NewVersion[], written: Written): string {
  return `INSERT INTO cdp.membership_log__rows (segment, profile, change, cause, at, version, _load_id)
    SELECT segment, profile, change, multiIf(
        startsWith(change, 'moved'), 'identity',
        cause = 'definition', cause,
        profile IN ${scratch.ids(BITMAPS.identity)}, 'identity',
        profile IN ${scratch.ids(BITMAPS.data)}, 'data',
        cause), ${timeLiteral(written.now)}, ${written.version}, ${written.loadId}
    FROM (
      SELECT segment, ${bySegment(versions, ({ cause }) => quoteString(cause))} AS cause,
        changed.1 AS change, arrayJoin(changed.2) AS profile
      FROM (${bitmapsOf(scratch, versions)})
      ARRAY JOIN [
        ('entered', bitmapToArray(bitmapAndnot(now, old))),
        ('left', bitmapToArray(bitmapAndnot(old, now))),
        ('moved_in', bitmapToArray(bitmapAndnot(old, published))),
        ('moved_out', bitmapToArray(bitmapAndnot(published, old)))
      ] AS changed)`
}

/** SELECT of segment and its bitmaps: members now, the published ones, and those under today's ids. */
function bitmapsOf(scratch: Scratch, versions: readonly NewVersion[]): string {
  const kinds = [BITMAPS.members, BITMAPS.old, BITMAPS.published]
  const names = versions.flatMap(({ segment }) => kinds.map((kind) => quoteString(kind(segment))))
  const [members, old, published] = kinds.map((kind) => `startsWith(name, '${kind('')}')`)
  const dirty = scratch.select((bitmap) => bitmap(BITMAPS.dirty))
  const whole = bySegment(versions, ({ whole }) => (whole ? '1' : '0'))
  return `SELECT segment, old, if(moved, published, old) AS published,
      if(${whole}, found, bitmapOr(bitmapAndnot(old, (${dirty})), found)) AS now
    FROM (SELECT substring(name, position(name, '/') + 1) AS segment, max(${published}) AS moved,
        groupBitmapMergeStateIf(members, ${members}) AS found,
        groupBitmapMergeStateIf(members, ${old}) AS old,
        groupBitmapMergeStateIf(members, ${published}) AS published
      FROM ${scratch.bitmaps} WHERE name IN (${names.join(', ')}) GROUP BY segment)`
}

/** SQL: what is said of the row's segment. */
function bySegment(versions: readonly NewVersion[], value: (version: NewVersion) => string): string {
  const ids = versions.map(({ segment }) => quoteString(segment))
  return `[${versions.map(value).join(', ')}][indexOf([${ids.join(', ')}], segment)]`
}
