/** Makes up a world: people of several nodes, who were merged and split before, with events at the edges of windows. */
import { type Random, seededRandom } from '../support/random.js'
import { makeDefinition } from './make-definition.js'
import { EVENTS, IDENTIFIERS, LISTS, MOMENTS, makeValue, PROPERTIES, TRAITS, time, ZONES } from './pools.js'
import type { World, WorldEvent, WorldTrait } from './world.js'

/** So many definitions name no segment; the others may name these. */
const NESTED = 8

export interface WorldSize {
  readonly nodes: number
  readonly definitions: number
}

/** The same world for the same seed and size. */
export function makeWorld(
  seed: number,
  { nodes: nodeCount, definitions: definitionCount }: WorldSize,
): World {
  const random = seededRandom(seed)
  const now = random.pick(MOMENTS)
  const nodes = Array.from({ length: nodeCount }, (_, index) => ({
    node: index + 1,
    type: random.pick(IDENTIFIERS),
    value: `${index + 1}@'x\\`,
  }))
  const identities = [makeIdentity(random, nodeCount), makeIdentity(random, nodeCount)]
  const ids = Array.from({ length: definitionCount }, (_, index) => `s${index}`)
  return {
    now,
    zone: random.pick(ZONES),
    nodes,
    identities,
    events: nodes.flatMap(({ node }) => makeEvents(random, now, node)),
    sightings: nodes.filter(() => random.next() < 0.5).map(({ node }) => node),
    traits: makeTraits(random, now, identities.at(-1)!),
    lists: nodes.flatMap(({ type, value }) =>
      Array.from({ length: random.pick([0, 0, 1, 3]) }, (_, index) => ({
        list: random.pick(LISTS),
        type,
        value,
        change: random.pick(['added', 'added', 'removed'] as const),
        at: now - 1000 + index,
      })),
    ),
    definitions: ids.map((id, index) => ({
      id,
      definition: makeDefinition({ random, now, segments: index < NESTED ? [] : ids.slice(0, NESTED) }),
    })),
  }
}

/** Neighbouring nodes belong together, or do not. */
function makeIdentity(random: Random, nodes: number): ReadonlyMap<number, number> {
  const profiles = new Map<number, number>()
  for (let node = 1; node <= nodes; node += 1) {
    const joins = node > 1 && random.next() < 0.4
    profiles.set(node, joins ? profiles.get(node - random.between(1, Math.min(2, node - 1)))! : node)
  }
  return profiles
}

function makeEvents(random: Random, now: number, node: number): WorldEvent[] {
  const events: WorldEvent[] = []
  const count = random.pick([0, 1, 2, 3, 5, 8, 12])
  while (events.length < count) {
    // Often at the very moment of the one before.
    const ts = events.length > 0 && random.next() < 0.25 ? events.at(-1)!.ts : time(random, now)
    const name = random.next() < 0.9 ? random.pick(EVENTS.slice(0, 3)) : EVENTS.at(-1)!
    const properties = PROPERTIES.filter(() => random.next() < 0.5)
    events.push({
      node,
      event: name,
      ts,
      row: BigInt(Math.floor(random.next() * 2 ** 52)) * 4096n + BigInt(events.length),
      properties: Object.fromEntries(
        properties.map((property) => [property, makeValue(property, random, now)]),
      ),
    })
  }
  return events
}

function makeTraits(random: Random, now: number, identity: ReadonlyMap<number, number>): WorldTrait[] {
  return [...new Set(identity.values())].flatMap((profile) =>
    TRAITS.filter(() => random.next() < 0.6).map((trait) => ({
      profile,
      trait,
      value: makeValue(trait, random, now, true),
    })),
  )
}
