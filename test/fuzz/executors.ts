/** What is compared with the oracle: each way in which members of segments are found. */
import { readSnapshot } from '../../profiles/facts/snapshot.js'
import { compileSegment } from '../../profiles/segments/compile/compile.js'
import { allSources, readPropertyKinds } from '../../profiles/segments/compile/sources.js'
import type { CompiledSegment, SegmentSources } from '../../profiles/segments/compile/types.js'
import { evaluateSegment } from '../../profiles/segments/evaluate/evaluate.js'
import { explainMembership } from '../../profiles/segments/evaluate/explain.js'
import type { PersonFacts, Value } from '../../profiles/segments/evaluate/person.js'
import { currentMembers } from '../../profiles/segments/refresh/members.testing.js'
import type { Warehouse } from '../../warehouse/client.js'
import { selectRows } from '../../warehouse/query.js'
import { type Person, peopleOf, type World, type WorldValue } from './world.js'
import { refreshSegments } from './write-world.js'

/** Profiles of the members, by segment. */
export type Members = ReadonlyMap<string, ReadonlySet<number>>

export interface Round {
  readonly warehouse: Warehouse
  /** Stands in the engine already. */
  readonly world: World
}

/** A way to find the members of all segments of a world at its `now`. Another one is added to `EXECUTORS`. */
export interface Executor {
  readonly name: string
  members(round: Round): Promise<Members>
}

/** Several segments a query: a query has a cost of its own. */
const AT_ONCE = 10

const fullSql: Executor = {
  name: 'full SQL',
  async members({ warehouse, world }) {
    const sources = allSources(await readSnapshot(warehouse))
    const propertyKinds = await readPropertyKinds(warehouse)
    const compiled = world.definitions.map(({ id, definition }) =>
      compileSegment(id, definition, { now: new Date(world.now), timeZone: world.zone, propertyKinds }),
    )
    return membersBySql(warehouse, compiled, sources)
  },
}

/** @param compiled nested ones before those that name them */
export async function membersBySql(
  warehouse: Warehouse,
  compiled: readonly CompiledSegment[],
  sources: SegmentSources,
): Promise<Members> {
  const members = new Map<string, ReadonlySet<number>>()
  const level = (nested: boolean) =>
    compiled.filter(({ dependsOn }) => dependsOn.segments.length > 0 === nested)
  for (const segments of [level(false), level(true)]) {
    for (let from = 0; from < segments.length; from += AT_ONCE) {
      const asked = segments
        .slice(from, from + AT_ONCE)
        .map((segment) => membersSql(segment, sources, members))
      const rows = await selectRows<{ id: string; members: number[] }>(warehouse, asked.join(' UNION ALL '))
      for (const row of rows) members.set(row.id, new Set(row.members))
    }
  }
  return members
}

function membersSql(segment: CompiledSegment, sources: SegmentSources, known: Members): string {
  const bitmap = (sql: string) => `(SELECT groupBitmapState(profile) FROM (${sql}))`
  const members = segment.members({
    leaf: (hash) => bitmap(segment.leaves.find((leaf) => leaf.hash === hash)!.sql(sources)),
    segment: (id) => `bitmapBuild(CAST([${[...known.get(id)!].join(', ')}] AS Array(UInt32)))`,
    everyone: bitmap(`SELECT profile FROM ${sources.everyone}`),
  })
  return `SELECT '${segment.id}' AS id, bitmapToArray(${members}) AS members`
}

const evaluator: Executor = {
  name: 'evaluator',
  async members({ world }) {
    const people = peopleOf(world).map(factsOf)
    const options = evaluationOptions(world)
    return new Map(
      world.definitions.map(({ id, definition }) => [
        id,
        new Set(
          people
            .filter((person) => evaluateSegment(id, definition, person, options).truth)
            .map(({ profile }) => profile),
        ),
      ]),
    )
  },
}

/** People of a world whom `explain` is asked about: reading a person costs several queries. */
const EXPLAINED = 6

/** Reads people back from the engine; those that it is not asked about it takes from the evaluator. */
const explain: Executor = {
  name: 'explain',
  async members(round) {
    const { warehouse, world } = round
    const evaluated = await evaluator.members(round)
    const people = peopleOf(world).slice(0, EXPLAINED)
    const members = new Map([...evaluated].map(([id, profiles]) => [id, new Set(profiles)]))
    for (const { id, definition } of world.definitions.slice(0, EXPLAINED)) {
      for (const { profile } of people) {
        const question = { id, definition, profile, ...evaluationOptions(world) }
        const { member } = await explainMembership(warehouse, question)
        if (member) members.get(id)!.add(profile)
        else members.get(id)!.delete(profile)
      }
    }
    return members
  },
}

const evaluationOptions = (world: World) => ({
  now: new Date(world.now),
  timeZone: world.zone,
  segment: (id: string) => world.definitions.find((each) => each.id === id)?.definition,
})

/** A person as the evaluator takes one. */
export function factsOf(person: Person): PersonFacts {
  const known = (values: Readonly<Record<string, WorldValue>>, emptyLists: boolean) =>
    new Map(
      Object.entries(values).flatMap(([name, value]): [string, Value][] => {
        if (value === null) return []
        if (typeof value !== 'object') return [[name, value]]
        if ('time' in value) return [[name, new Date(value.time)]]
        return value.list.length > 0 || emptyLists ? [[name, value.list]] : []
      }),
    )
  return {
    profile: person.profile,
    events: [...person.events]
      .sort((a, b) => a.ts - b.ts || (a.row < b.row ? -1 : 1))
      .map(({ event, ts, row, properties }) => ({
        event,
        ts: new Date(ts),
        row,
        properties: known(properties, false),
      })),
    traits: new Map(
      [...known(person.traits, true)].map(([name, value]) => [
        name,
        { value, source: 'shop', at: new Date(0) },
      ]),
    ),
    identifiers: person.identifiers,
    lists: new Set(person.lists),
  }
}

/** Looks again only at people of whom something came since the earlier moment; the others keep their place in the bitmaps. */
const incrementalSql: Executor = {
  name: 'incremental SQL',
  async members({ warehouse, world }) {
    await refreshSegments(warehouse, world, new Date(world.now))
    const members = await currentMembers(warehouse)
    return new Map(Object.entries(members).map(([id, profiles]) => [id, new Set(profiles)]))
  },
}

export const EXECUTORS: readonly Executor[] = [fullSql, incrementalSql, evaluator, explain]
