/** A small made-up world of people: what is written to the engine, and what the oracle and the evaluator are shown. */
import type { SegmentFile } from '@tributary/schemas'

/** Null is an explicit nothing. */
export type WorldValue =
  | string
  | number
  | boolean
  | { readonly time: number }
  | { readonly list: readonly string[] }
  | null

export interface WorldEvent {
  readonly node: number
  readonly event: string
  /** Milliseconds since 1970. */
  readonly ts: number
  readonly row: bigint
  readonly properties: Readonly<Record<string, WorldValue>>
}

export interface WorldTrait {
  /** The least node of the person. */
  readonly profile: number
  readonly trait: string
  readonly value: WorldValue
}

export interface World {
  readonly now: number
  readonly zone: string
  readonly nodes: readonly { readonly node: number; readonly type: string; readonly value: string }[]
  /** Profiles by node, one map for each time that identity was decided; the last one counts. */
  readonly identities: readonly ReadonlyMap<number, number>[]
  readonly events: readonly WorldEvent[]
  /** Nodes that have nothing but their own existence. */
  readonly sightings: readonly number[]
  readonly traits: readonly WorldTrait[]
  readonly lists: readonly {
    readonly list: string
    readonly type: string
    readonly value: string
    readonly change: 'added' | 'removed'
    readonly at: number
  }[]
  readonly definitions: readonly { readonly id: string; readonly definition: SegmentFile }[]
}

/** One person, as the published semantics speak of people. */
export interface Person {
  readonly profile: number
  readonly events: readonly WorldEvent[]
  readonly traits: Readonly<Record<string, WorldValue>>
  readonly identifiers: readonly { readonly type: string; readonly value: string }[]
  readonly lists: readonly string[]
}

/** Everybody of whom at least one fact is visible. */
export function peopleOf(world: World): readonly Person[] {
  const identity = world.identities.at(-1)!
  const profileOf = (node: number) => identity.get(node) ?? node
  const seen = new Set([
    ...world.events.map(({ node }) => node),
    ...world.traits.map(({ profile }) => profile),
    ...world.sightings,
  ])
  const profiles = new Set([...seen].map(profileOf))
  const newest = new Map<string, (typeof world.lists)[number]>()
  for (const record of [...world.lists].sort((a, b) => a.at - b.at)) {
    newest.set(JSON.stringify([record.list, record.type, record.value]), record)
  }
  return [...profiles]
    .sort((a, b) => a - b)
    .map((profile) => {
      const own = world.nodes.filter(({ node }) => profileOf(node) === profile)
      return {
        profile,
        events: world.events.filter(({ node }) => profileOf(node) === profile),
        traits: Object.fromEntries(
          world.traits.filter((trait) => trait.profile === profile).map(({ trait, value }) => [trait, value]),
        ),
        identifiers: own.filter(({ node }) => seen.has(node)).map(({ type, value }) => ({ type, value })),
        lists: [...newest.values()]
          .filter(({ change }) => change === 'added')
          .filter((record) => own.some(({ type, value }) => type === record.type && value === record.value))
          .map(({ list }) => list),
      }
    })
}
