/** Makes a disagreement small: parts of the definition and facts of the person go as long as the executors still disagree. */
import type { SegmentFile, Who } from '@tributary/schemas'
import type { Warehouse } from '../../warehouse/client.js'
import type { Executor } from './executors.js'
import { oracleMembers } from './round.js'
import type { World } from './world.js'
import { writeWorld } from './write-world.js'

/** Attempts cost some tens of milliseconds each. */
const MAX_ATTEMPTS = 300

/** A world of one person and the segments that matter, on which the executor is still wrong. */
export async function shrink(
  warehouse: Warehouse,
  world: World,
  executor: Executor,
  segment: string,
  profile: number,
): Promise<World> {
  let attempts = 0
  const isWrong = async (candidate: World): Promise<boolean> => {
    attempts += 1
    await writeWorld(warehouse, candidate)
    const expected = oracleMembers(candidate).get(segment)!.has(profile)
    const found = await executor.members({ warehouse, world: candidate }).catch(() => undefined)
    return found !== undefined && (found.get(segment)?.has(profile) ?? false) !== expected
  }
  let smallest = onlyPerson(world, segment, profile)
  if (!(await isWrong(smallest))) return world
  for (let smaller: World | undefined = smallest; smaller && attempts < MAX_ATTEMPTS; ) {
    smaller = undefined
    for (const candidate of smallerWorlds(smallest, segment)) {
      if (attempts >= MAX_ATTEMPTS || !(await isWrong(candidate))) continue
      smaller = smallest = candidate
      break
    }
  }
  return smallest
}

function onlyPerson(world: World, segment: string, profile: number): World {
  const identity = world.identities.at(-1)!
  const isOwn = (node: number) => (identity.get(node) ?? node) === profile
  const named = (who: Who): readonly string[] => {
    if ('all' in who) return who.all.flatMap(named)
    if ('any' in who) return who.any.flatMap(named)
    if ('not' in who) return named(who.not)
    return 'segment' in who ? [who.segment] : []
  }
  const own = world.definitions.find(({ id }) => id === segment)!
  const needed = new Set([segment, ...named(own.definition.who)])
  return {
    ...world,
    nodes: world.nodes.filter(({ node }) => isOwn(node)),
    events: world.events.filter(({ node }) => isOwn(node)),
    sightings: world.sightings.filter(isOwn),
    traits: world.traits.filter((trait) => trait.profile === profile),
    definitions: world.definitions.filter(({ id }) => needed.has(id)),
  }
}

function* smallerWorlds(world: World, segment: string): Generator<World> {
  for (const definition of world.definitions) {
    for (const who of smallerWho(definition.definition.who)) {
      const smaller: SegmentFile = { ...definition.definition, who }
      yield {
        ...world,
        definitions: world.definitions.map((each) =>
          each === definition ? { ...each, definition: smaller } : each,
        ),
      }
    }
    if (definition.id !== segment) {
      yield { ...world, definitions: world.definitions.filter((each) => each !== definition) }
    }
  }
  for (const key of ['events', 'traits', 'sightings', 'lists'] as const) {
    for (const gone of world[key]) {
      yield { ...world, [key]: (world[key] as readonly unknown[]).filter((each) => each !== gone) }
    }
  }
}

function* smallerWho(who: Who): Generator<Who> {
  const key = 'all' in who ? 'all' : 'any' in who ? 'any' : undefined
  if (key !== undefined) {
    const parts = (who as unknown as Record<string, readonly Who[]>)[key]!
    yield* parts
    for (const [index, part] of parts.entries()) {
      if (parts.length > 1) yield { [key]: parts.filter((_, other) => other !== index) } as unknown as Who
      for (const smaller of smallerWho(part)) yield { [key]: parts.with(index, smaller) } as unknown as Who
    }
  } else if ('not' in who) {
    yield who.not
    for (const smaller of smallerWho(who.not)) yield { not: smaller }
  } else if ('performed' in who && who.where) {
    const { where, ...rest } = who
    yield rest
    if (where.length > 1) for (const part of where) yield { ...rest, where: [part] }
  } else if ('sequence' in who && who.sequence.length > 2) {
    for (const index of who.sequence.keys()) {
      const sequence = who.sequence.filter((_, other) => other !== index)
      const isFine =
        !('not' in sequence[0]!) &&
        sequence.every((step, at) => at === 0 || !('not' in step && 'not' in sequence[at - 1]!))
      if (isFine) yield { ...who, sequence }
    }
  }
}
