/** Writes the traits of profiles under a load: first whom it is about, then their values, a slice of people at a time. */
import type { TraitsFile } from '@tributary/schemas'
import { selectRows } from '../../warehouse/query.js'
import { factNodes, nodesWithFacts } from '../facts/nodes.js'
import { profileOf } from '../people/dictionaries.js'
import type { StepContext, StepTarget } from '../steps/derived-load.js'
import type { DirtyProfiles } from './dirty-profiles.js'
import type { EventsRead } from './read-events.js'
import { PEOPLE_AT_ONCE, valueQueries } from './value-queries.js'

export interface RecordsWork {
  readonly context: StepContext
  readonly traits: TraitsFile
  readonly reading: EventsRead
  /** @default everybody */
  readonly dirty?: DirtyProfiles
}

/** The traits of so few people are written by one statement: each has a cost of its own, whatever it finds. */
const FEW = 200_000

/** Resolves to the number of rows. Nothing of them is visible before the load is accepted. */
export async function writeRecords(work: RecordsWork, target: StepTarget): Promise<number> {
  const people = await insertPeople(work, target)
  const written = writtenPeople(target)
  const slices = Math.max(1, Math.ceil(people / PEOPLE_AT_ONCE))
  let rows = people
  for (let slice = 0; slice < slices; slice++) {
    const queries = valueQueries({
      traits: work.traits,
      reading: work.reading,
      now: work.context.now,
      people: `${written} AND present`,
      profileOf,
      ...(work.dirty !== undefined && { nodes: nodesOf(written) }),
      ...(slices > 1 && { slice: `profile % ${slices} = ${slice}` }),
    })
    for (const query of people <= FEW ? [queries.join(' UNION ALL ')] : queries) {
      rows += await insert(
        work.context,
        `INSERT INTO cdp.trait_values__rows
          (trait, profile, kind, text, number, boolean, time, list, source, at, _load_id, _generation)
        SELECT *, ${target.loadId}, ${target.generation} FROM (${query})`,
      )
    }
    work.context.progress(`wrote the traits of slice ${slice + 1} of ${slices}`)
  }
  return rows
}

/** Writes one row for each person the load is about, those who do not exist any more included. */
async function insertPeople(work: RecordsWork, target: StepTarget): Promise<number> {
  const { dirty, reading } = work
  if (dirty === undefined) {
    return insertRecords(
      work,
      target,
      factNodes(() => reading.facts)
        .map(existing)
        .join(' UNION ALL '),
    )
  }
  const stated = `SELECT profile, true AS present FROM (${dirty.stated})`
  const rows = await insertRecords(work, target, stated)
  // All facts are looked through for the others, who are few or none.
  const others = `SELECT DISTINCT profile FROM (${dirty.unsure}) WHERE profile NOT IN (${writtenPeople(target)})`
  if (!(await isAny(work.context, others))) return rows
  const left = `SELECT node FROM (${nodesWithFacts(reading)}) WHERE node IN (${nodesOf(others)})`
  const both = `SELECT profile, false AS present FROM (${others}) UNION ALL ${existing(left)}`
  return rows + (await insertRecords(work, target, both))
}

const existing = (nodes: string): string =>
  `SELECT DISTINCT ${profileOf('node')} AS profile, true AS present FROM (${nodes})`

const writtenPeople = ({ loadId }: StepTarget): string =>
  `SELECT profile FROM cdp.records__rows WHERE _load_id = ${loadId}`

function insertRecords({ context }: RecordsWork, target: StepTarget, people: string): Promise<number> {
  return insert(
    context,
    `INSERT INTO cdp.records__rows (profile, present, version, _load_id, _generation)
    SELECT profile, max(present), ${target.version}, ${target.loadId}, ${target.generation}
    FROM (${people}) GROUP BY profile`,
  )
}

async function isAny({ warehouse, signal }: StepContext, profiles: string): Promise<boolean> {
  return (await selectRows(warehouse, `SELECT 1 FROM (${profiles}) LIMIT 1`, {}, signal)).length > 0
}

/** SQL: every node of these profiles. */
const nodesOf = (profiles: string): string =>
  `SELECT toUInt32(node) FROM dictionary('cdp.profile_of') WHERE profile IN (${profiles}) UNION ALL ${profiles}`

async function insert({ warehouse, signal }: StepContext, query: string): Promise<number> {
  signal.throwIfAborted()
  const { summary } = await warehouse.command({ query, abort_signal: signal })
  return Number(summary?.written_rows ?? 0)
}
