/**
 * Who would come into segments and who would leave them if other people were who: the conditions are asked twice of all whom it
 * concerns, once with everybody as they are and once as they would be, of the same facts at the same moment. Writes nothing
 * but scratch tables.
 */
import type { TraitsFile } from '@tributary/schemas'
import { newLoadId } from '../../../warehouse/ledger/ids.js'
import { selectRows } from '../../../warehouse/query.js'
import { nodesWithFacts } from '../../facts/nodes.js'
import { type FactsSnapshot, readSnapshot } from '../../facts/snapshot.js'
import { insertRows } from '../../identity/binary-rows.js'
import type { ProfileOf } from '../../people/dictionaries.js'
import type { StepContext } from '../../steps/derived-load.js'
import { eventColumns } from '../../traits/read-events.js'
import { PEOPLE_AT_ONCE, valueQueries } from '../../traits/value-queries.js'
import { compileSegment } from '../compile/compile.js'
import { readPropertyKinds } from '../compile/sources.js'
import { evaluateSegments } from './evaluate.js'
import { gatherEvents } from './gather-events.js'
import { type PreparedSegment, prepareSegments, type SegmentInput } from './prepare.js'
import { bitmapOf, Scratch } from './scratch.js'
import { BITMAPS, dirtyFacts, EVERYONE } from './sources.js'
import { readHeads } from './versions.js'

/** What makes people and their segments of facts. */
export interface PeopleDefinitions {
  readonly segments: readonly SegmentInput[]
  readonly traits: TraitsFile
  /** IANA zone of dates and calendar windows in definitions that name none. */
  readonly timeZone: string
}

/** Nodes with the profile that each is part of: little-endian UInt32 in pairs. */
export type NodeProfiles = Uint32Array

export interface SimulatedSegment {
  readonly segment: string
  /** Members that are published. */
  readonly before: number
  /** Members then. */
  readonly after: number
  /** Members whom it concerns: who would get identifiers of others, or lose some. */
  readonly changed: number
  readonly enters: number
  /** Who would be part of somebody else counts, too. */
  readonly leaves: number
}

/**
 * Of every published segment with a member whom it concerns, before or after, by name; those that cannot be evaluated are left out.
 * @param sides all nodes of all people whom it concerns, as they are and as they would be
 */
export async function simulateSegments(
  context: StepContext,
  definitions: PeopleDefinitions,
  sides: readonly [before: NodeProfiles, after: NodeProfiles],
): Promise<readonly SimulatedSegment[]> {
  const { warehouse, signal, now } = context
  if (sides.every(({ length }) => length === 0)) return []
  const { segments, traits, timeZone } = definitions
  const snapshot = await readSnapshot(warehouse)
  const heads = await readHeads(warehouse, snapshot)
  const propertyKinds = await readPropertyKinds(warehouse)
  const { ordered } = prepareSegments(segments, [], ({ id, definition }) =>
    compileSegment(id, definition, { now, timeZone, propertyKinds }),
  )
  const reading = {
    facts: snapshot.facts,
    columns: await eventColumns(warehouse),
    zoneOf: ({ time_zone: zone = timeZone }) => zone,
  }
  const question = { context, snapshot, ordered, values: { traits, reading, now } }
  const [one, other] = sides
  return withScratch(context, (before) =>
    withScratch(context, async (after) => {
      const failed = new Set([
        ...(await evaluateSide(before, one, question)),
        ...(await evaluateSide(after, other, question)),
      ])
      const moves = await selectRows<Record<'changed' | 'enters' | 'leaves', string> & { segment: string }>(
        warehouse,
        movesSql(before, after),
        {},
        signal,
      )
      return moves.flatMap(({ segment, ...counts }) => {
        const size = heads.get(segment)?.size
        if (size === undefined || failed.has(segment)) return []
        const [changed, enters, leaves] = [
          Number(counts.changed),
          Number(counts.enters),
          Number(counts.leaves),
        ]
        return [{ segment, before: size, after: size + enters - leaves, changed, enters, leaves }]
      })
    }),
  )
}

async function withScratch<Result>(
  { warehouse, signal }: StepContext,
  work: (scratch: Scratch) => Promise<Result>,
): Promise<Result> {
  const scratch = await Scratch.open(warehouse, { purpose: 'simulation', loadId: newLoadId(), signal })
  try {
    return await work(scratch)
  } finally {
    await scratch.drop()
  }
}

interface Question {
  readonly context: StepContext
  readonly snapshot: FactsSnapshot
  readonly ordered: readonly PreparedSegment[]
  readonly values: Pick<Parameters<typeof valueQueries>[0], 'traits' | 'reading' | 'now'>
}

/** Keeps the members of every segment among these people. Resolves to the segments that could not be evaluated. */
async function evaluateSide(
  scratch: Scratch,
  nodes: NodeProfiles,
  { context, snapshot, ordered, values }: Question,
): Promise<Iterable<string>> {
  const who = scratch.table('who')
  await scratch.run(`CREATE TABLE ${who} (node UInt32, profile UInt32) ENGINE = Join(ANY, LEFT, node)`)
  const bytes = new Uint8Array(nodes.buffer, nodes.byteOffset, nodes.byteLength)
  await insertRows(context.warehouse, who, bytes, context.signal)
  await scratch.run(
    `CREATE TABLE ${scratch.table('nodes')} ENGINE = MergeTree ORDER BY node AS SELECT node, profile FROM ${who}`,
  )
  // Nobody else is asked about: whoever is not in the table is profile 0, whom nothing knows.
  const profileOf: ProfileOf = (node) => `joinGet(${who}, 'profile', toUInt32(${node}))`
  const people = await keepPeople(scratch, snapshot, profileOf)
  const leaves = ordered.flatMap(({ compiled }) => compiled.leaves)
  await gatherEvents(scratch, snapshot, leaves, profileOf)
  await gatherValues(scratch, people, { ...values, profileOf })
  const sources = dirtyFacts(scratch, snapshot, profileOf)
  const { errors } = await evaluateSegments(
    scratch,
    ordered.map(({ compiled }) => ({ compiled, full: false })),
    { all: sources, dirty: sources },
    context.progress,
  )
  return errors.keys()
}

/** Keeps who exists: somebody of whom a fact speaks. Resolves to their number. */
async function keepPeople(scratch: Scratch, snapshot: FactsSnapshot, profileOf: ProfileOf): Promise<number> {
  const visible = scratch.table('visible')
  const among = (node: string) => `${node} IN (SELECT node FROM ${scratch.table('nodes')})`
  await scratch.run(
    `CREATE TABLE ${visible} ENGINE = MergeTree ORDER BY node AS
     SELECT DISTINCT node FROM (${nodesWithFacts(snapshot, among)})`,
  )
  const everyone = BITMAPS.members(EVERYONE)
  await scratch.put(bitmapOf(everyone, `SELECT ${profileOf('node')} AS profile FROM ${visible}`, 'profile'))
  const [people] = await scratch.sizes([everyone])
  return people!
}

/** Makes the scratch table `traits`: what the traits' step would write of them. */
async function gatherValues(
  scratch: Scratch,
  people: number,
  values: Question['values'] & { readonly profileOf: ProfileOf },
): Promise<void> {
  const columns = 'trait, profile, kind, text, number, boolean, time, list'
  const traits = scratch.table('traits')
  await scratch.run(
    `CREATE TABLE ${traits} ENGINE = MergeTree ORDER BY (trait, profile) AS
     SELECT ${columns} FROM cdp.trait_values__rows LIMIT 0`,
  )
  const slices = Math.max(1, Math.ceil(people / PEOPLE_AT_ONCE))
  for (let slice = 0; slice < slices; slice += 1) {
    const queries = valueQueries({
      ...values,
      people: `SELECT profile FROM ${scratch.ids(BITMAPS.members(EVERYONE))} WHERE 1`,
      nodes: `SELECT node FROM ${scratch.table('nodes')}`,
      slice: `profile % ${slices} = ${slice}`,
    })
    await scratch.run(`INSERT INTO ${traits} SELECT ${columns} FROM (${queries.join(' UNION ALL ')})`)
  }
}

function movesSql(before: Scratch, after: Scratch): string {
  const prefix = BITMAPS.members('')
  return `SELECT substring(name, ${prefix.length + 1}) AS segment, bitmapCardinality(old) AS changed,
      bitmapAndnotCardinality(now, old) AS enters, bitmapAndnotCardinality(old, now) AS leaves
    FROM (SELECT name, groupBitmapMergeStateIf(members, side = 0) AS old, groupBitmapMergeStateIf(members, side = 1) AS now
      FROM (SELECT 0 AS side, name, members FROM ${before.bitmaps}
        UNION ALL SELECT 1 AS side, name, members FROM ${after.bitmaps})
      WHERE startsWith(name, '${prefix}') AND name != '${BITMAPS.members(EVERYONE)}' GROUP BY name)
    WHERE bitmapCardinality(old) + bitmapCardinality(now) > 0 ORDER BY segment`
}
