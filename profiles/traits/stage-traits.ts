/**
 * The third step of a refresh: the traits of profiles. What is written is a function of facts, identity, rules and the
 * moment alone: only those who may have changed are written anew, and everybody has what a full run would give.
 */
import { createHash } from 'node:crypto'
import type { ComputedTrait, TraitsFile } from '@tributary/schemas'
import { selectRow } from '../../warehouse/query.js'
import { type DerivedPosition, newsSince } from '../facts/position.js'
import { type FactsSnapshot, readSnapshot } from '../facts/snapshot.js'
import { openStep, type StagedLoad, type StepContext } from '../steps/derived-load.js'
import { type DirtyProfiles, dirtyProfiles } from './dirty-profiles.js'
import { beliefOf } from './golden-record.js'
import { eventColumns } from './read-events.js'
import { writeRecords } from './write-records.js'

/** The derived stream of golden records. */
export const TRAITS = 'traits'

export interface TraitsOptions {
  readonly traits: TraitsFile
  /** The workspace's zone, of dates and calendar windows. */
  readonly timeZone: string
  /** Writes everybody anew whatever changed. @default false */
  readonly rebuild?: boolean
  /** Beyond this share of all profiles it is cheaper to write everybody. @default 0.5 */
  readonly fullShare?: number
}

/** What an accepted load knows about itself. */
interface TraitsState {
  readonly rules: string
  /** ISO 8601. */
  readonly now: string
  readonly mappings: DerivedPosition
  readonly identity: DerivedPosition
}

/** Raise it when the meaning of a rule changes: every workspace then computes all records anew. */
const SEMANTICS = 1

/**
 * Stages the records of everybody, or of those who may have changed since the last accepted load; undefined where nobody
 * may have. Reads who is who from dictionary `cdp.profile_of`, which must be loaded.
 */
export async function stageTraits(
  context: StepContext,
  options: TraitsOptions,
): Promise<StagedLoad | undefined> {
  const { warehouse, now } = context
  const opened = await openStep<TraitsState>(context, TRAITS)
  const read = await readSnapshot(warehouse)
  const columns = await eventColumns(warehouse)
  const rules = rulesHash(options)
  const last = opened.state
  const mappings = await newsSince(warehouse, 'mapping/', last?.mappings ?? {})
  const identity = await newsSince(warehouse, 'identity', last?.identity ?? {})
  const state: TraitsState = {
    rules,
    now: now.toISOString(),
    mappings: mappings.position,
    identity: identity.position,
  }
  const zoneOf = (trait: ComputedTrait) => trait.time_zone ?? options.timeZone
  const reading = { facts: read.facts, columns, zoneOf }
  const write = (dirty?: DirtyProfiles) => ({
    context,
    traits: options.traits,
    reading,
    ...(dirty !== undefined && { dirty }),
  })

  if (last && last.rules === rules && !mappings.rebuilt && !identity.rebuilt && !options.rebuild) {
    const since = {
      mappingLoads: mappings.loadIds,
      identityLoads: identity.loadIds,
      before: new Date(last.now),
      now,
    }
    const dirty = dirtyProfiles(since, Object.values(options.traits.computed ?? {}), reading)
    const { changed, all } = await countProfiles(context, dirty, read)
    if (changed === 0) return undefined
    if (changed <= all * (options.fullShare ?? 0.5)) {
      context.progress(`renewing the traits of ${changed} of ${all} profiles`)
      return opened.stage(async (target) => ({ rows: await writeRecords(write(dirty), target), state, read }))
    }
  }
  context.progress('writing the traits of all profiles')
  const full = await openStep<TraitsState>(context, TRAITS, { rebuild: true })
  return full.stage(async (target) => ({ rows: await writeRecords(write(), target), state, read }))
}

async function countProfiles(
  { warehouse, signal }: StepContext,
  { stated, unsure }: DirtyProfiles,
  { records }: FactsSnapshot,
): Promise<{ changed: number; all: number }> {
  signal.throwIfAborted()
  const row = await selectRow<{ changed: string; records: string }>(
    warehouse,
    `SELECT (SELECT uniqExact(profile) FROM (${stated} UNION ALL ${unsure})) AS changed,
      (SELECT count() FROM cdp.records__rows WHERE ${records} AND present) AS records`,
  )
  return { changed: Number(row!.changed), all: Number(row!.records) }
}

/** What of the rules decides values; words for people do not. */
function rulesHash({ traits: { traits = {}, computed = {} }, timeZone }: TraitsOptions): string {
  const beliefs = Object.entries(traits).map(([name, rule]) => [name, beliefOf(rule)])
  const aggregates = Object.entries(computed).map(([name, { description: _words, ...trait }]) => [
    name,
    trait,
  ])
  const byName = (entries: unknown[][]) => entries.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))
  const meaning = JSON.stringify([SEMANTICS, timeZone, byName(beliefs), byName(aggregates)])
  return createHash('sha256').update(meaning).digest('hex').slice(0, 16)
}
