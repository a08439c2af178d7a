/** One round: a world is made up and written, every executor finds the members of every segment, and the oracle judges. */
import { checkSegments } from '../../profiles/segments/check-segment.js'
import type { Warehouse } from '../../warehouse/client.js'
import { EXECUTORS, type Executor } from './executors.js'
import { makeWorld, type WorldSize } from './make-world.js'
import { isMember } from './oracle.js'
import { EVENTS, IDENTIFIERS, LISTS, PROPERTIES, TRAITS } from './pools.js'
import { peopleOf, type World } from './world.js'
import { writeWorld } from './write-world.js'

export interface Disagreement {
  readonly seed: number
  readonly executor: string
  readonly segment: string
  readonly profile: number
  /** What the oracle says. */
  readonly expected: boolean
}

export interface RoundResult {
  /** A case is a definition and a person. */
  readonly cases: number
  /** Cases whose person belongs to the segment. */
  readonly members: number
  readonly disagreements: readonly Disagreement[]
}

export const KNOWN = {
  traits: new Set(TRAITS),
  events: new Map(EVENTS.map((event) => [event, new Set(PROPERTIES)])),
  identifiers: new Set(IDENTIFIERS),
  lists: new Set(LISTS),
}

/** @throws Error when a made-up definition has problems: the generator or the check is wrong then */
export async function playRound(
  warehouse: Warehouse,
  seed: number,
  size: WorldSize,
  executors: readonly Executor[] = EXECUTORS,
): Promise<RoundResult> {
  const world = makeWorld(seed, size)
  const problems = checkSegments(world.definitions, KNOWN)
  if (problems.length > 0) throw new Error(`making up a world of seed ${seed}: ${JSON.stringify(problems)}`)
  await writeWorld(warehouse, world)
  const expected = oracleMembers(world)
  const people = peopleOf(world).map(({ profile }) => profile)
  const disagreements: Disagreement[] = []
  for (const executor of executors) {
    const found = await executor.members({ warehouse, world })
    for (const { id } of world.definitions) {
      const [ours, theirs] = [expected.get(id)!, found.get(id) ?? new Set<number>()]
      for (const profile of new Set([...people, ...theirs])) {
        if (ours.has(profile) === theirs.has(profile)) continue
        disagreements.push({
          seed,
          executor: executor.name,
          segment: id,
          profile,
          expected: ours.has(profile),
        })
      }
    }
  }
  return {
    cases: people.length * world.definitions.length,
    members: [...expected.values()].reduce((sum, { size }) => sum + size, 0),
    disagreements,
  }
}

/** Who belongs to each segment, by the oracle. */
export function oracleMembers(world: World): ReadonlyMap<string, ReadonlySet<number>> {
  const people = peopleOf(world)
  const definitions = new Map(world.definitions.map(({ id, definition }) => [id, definition]))
  const question = { now: world.now, timeZone: world.zone, segment: (id: string) => definitions.get(id)! }
  return new Map(
    world.definitions.map(({ id, definition }) => [
      id,
      new Set(
        people.filter((person) => isMember(id, definition, person, question)).map(({ profile }) => profile),
      ),
    ]),
  )
}
