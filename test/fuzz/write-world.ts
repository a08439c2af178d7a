/**
 * Writes a made-up world to the engine as refreshes would have: a part of the facts, an identity, golden records and versions
 * of the segments for an earlier moment; then what came later; and beside all of it rows of loads that were never accepted.
 */

import { acceptTestStep, type FactValue, testStep, writeFacts } from '../../profiles/facts/facts.testing.js'
import { reloadProfileOf, reloadRecordOf } from '../../profiles/people/dictionaries.js'
import { stageSegments } from '../../profiles/segments/refresh/stage-segments.js'
import { openStep, type StagedLoad } from '../../profiles/steps/derived-load.js'
import type { Warehouse } from '../../warehouse/client.js'
import { selectRows } from '../../warehouse/query.js'
import { DAY, HOUR } from './pools.js'
import type { World, WorldValue } from './world.js'

/** Empties all that an earlier world left, and writes this one. */
export async function writeWorld(warehouse: Warehouse, world: World): Promise<void> {
  await emptyWarehouse(warehouse)
  await writeFacts(warehouse, { nodes: world.nodes })
  await writeSomeFacts(warehouse, world, (node) => !isLate(node))
  const [first, ...others] = world.identities
  await writeIdentity(warehouse, first!)
  await writeTraits(warehouse, world, { outdated: (profile) => isLate(profile) })
  await writeLists(warehouse, world, (at) => at < world.now - 999)
  await reloadProfileOf(warehouse)
  await reloadRecordOf(warehouse)
  await refreshSegments(warehouse, world, new Date(world.now - AGES[world.events.length % AGES.length]!))

  await writeSomeFacts(warehouse, world, isLate)
  await writeUnaccepted(warehouse, world)
  let before = first!
  for (const identity of others) {
    await writeIdentity(
      warehouse,
      new Map([...identity].filter(([node, profile]) => before.get(node) !== profile)),
    )
    before = identity
  }
  await writeTraits(warehouse, world, { only: isLate })
  await writeLists(warehouse, world, (at) => at >= world.now - 999)
  await reloadProfileOf(warehouse)
  await reloadRecordOf(warehouse)
}

/** How long before the world's moment the earlier one was. */
const AGES = [1000, HOUR, DAY, 8 * DAY, 100 * DAY]

/** Of these something comes between the two moments; of the others nothing does. */
const isLate = (node: number): boolean => node % 4 === 0

/** Evaluates the segments for a moment and accepts them; only those of whom something is new, where there is a version. */
export async function refreshSegments(warehouse: Warehouse, world: World, now: Date): Promise<void> {
  const { staged, report } = await stageSegments(testStep(warehouse, now), {
    segments: world.definitions,
    timeZone: world.zone,
    dirtyShare: Number.POSITIVE_INFINITY,
  })
  const failed = report.find(({ error }) => error !== undefined)
  if (failed) throw new Error(`refreshing ${failed.segment}: ${failed.error}`)
  if (staged) await acceptTestStep(warehouse, staged)
}

async function writeSomeFacts(
  warehouse: Warehouse,
  world: World,
  isWanted: (node: number) => boolean,
): Promise<void> {
  const ts = new Date(world.now - 1000)
  await writeFacts(warehouse, {
    events: world.events
      .filter(({ node }) => isWanted(node))
      .map(({ node, event, ts, row, properties }) => ({
        node,
        event,
        ts: new Date(ts),
        row: String(row),
        properties: Object.fromEntries(
          Object.entries(properties).map(([name, value]) => [name, factOf(value)]),
        ),
      })),
    traits: world.traits
      .filter(({ profile }) => isWanted(profile))
      .map(({ profile, trait, value }) => ({
        node: profile,
        trait,
        value: factOf(value),
        ts,
      })),
    links: world.sightings.filter(isWanted).map((node) => ({ a: node, b: node, ts })),
  })
}

async function writeLists(
  warehouse: Warehouse,
  world: World,
  isWanted: (at: number) => boolean,
): Promise<void> {
  const records = world.lists.filter(({ at }) => isWanted(at))
  await insert(
    warehouse,
    'cdp.list_records',
    records.map((record) => ({ ...record, at: new Date(record.at).toISOString() })),
  )
}

async function emptyWarehouse(warehouse: Warehouse): Promise<void> {
  const tables = await selectRows<{ name: string }>(
    warehouse,
    `SELECT concat(database, '.\`', name, '\`') AS name FROM system.tables
     WHERE (database = 'cdp' AND engine LIKE '%MergeTree') OR (database = 'tributary' AND name = 'loads')`,
  )
  for (const { name } of tables) await warehouse.command({ query: `TRUNCATE TABLE ${name}` })
}

/** Facts that would change everybody, of a load that is never accepted. */
async function writeUnaccepted(warehouse: Warehouse, world: World): Promise<void> {
  const step = await openStep<object>(testStep(warehouse), 'mapping/test')
  await step.stage(async ({ loadId, generation }) => {
    const common = { mapping: 'test', source: 'shop', _load_id: loadId, _generation: generation }
    const at = new Date(world.now - 1).toISOString()
    await insert(
      warehouse,
      'cdp.events__rows',
      world.nodes.map(({ node }) => ({
        ...common,
        row: node,
        event: 'Order',
        ts: at,
        received_at: at,
        node,
      })),
    )
    await insert(warehouse, 'cdp.nodes__rows', [
      { node: 100_000, type: 'email', value: 'never', first_seen: at, _load_id: loadId },
    ])
    return { rows: 1, state: {} }
  })
}

async function writeIdentity(warehouse: Warehouse, identity: ReadonlyMap<number, number>): Promise<void> {
  await stageAndAccept(warehouse, 'identity', async ({ loadId, generation, version }) => {
    await insert(
      warehouse,
      'cdp.node_profiles__rows',
      [...identity].map(([node, profile]) => ({
        node,
        profile,
        raw: profile,
        version,
        _load_id: loadId,
        _generation: generation,
      })),
    )
  })
}

/** @param which.outdated who gets other values, of a record that a later one replaces */
async function writeTraits(
  warehouse: Warehouse,
  world: World,
  {
    only = () => true,
    outdated = () => false,
  }: { readonly only?: (profile: number) => boolean; readonly outdated?: (profile: number) => boolean },
): Promise<void> {
  const at = new Date(world.now - 1000).toISOString()
  await stageAndAccept(warehouse, 'traits', async ({ loadId, generation, version }) => {
    const common = { _load_id: loadId, _generation: generation }
    const known = world.traits.filter(({ profile, value }) => value !== null && only(profile))
    await insert(
      warehouse,
      'cdp.trait_values__rows',
      known.map(({ profile, trait, value }) => ({
        ...common,
        profile,
        trait,
        source: 'shop',
        at,
        ...columnsOf(outdated(profile) ? (value === true ? 'outdated' : true) : value),
      })),
    )
    await insert(
      warehouse,
      'cdp.records__rows',
      [...new Set(world.traits.map(({ profile }) => profile))].filter(only).map((profile) => ({
        ...common,
        profile,
        version,
      })),
    )
  })
}

async function stageAndAccept(
  warehouse: Warehouse,
  stream: string,
  write: (target: { loadId: string; generation: number; version: number }) => Promise<void>,
): Promise<void> {
  const step = await openStep<object>(testStep(warehouse), stream)
  const staged: StagedLoad = await step.stage(async (target) => {
    await write(target)
    return { rows: 1, state: {} }
  })
  await acceptTestStep(warehouse, staged)
}

const factOf = (value: WorldValue): FactValue => {
  if (typeof value !== 'object' || value === null) return value
  return 'time' in value ? new Date(value.time) : value.list
}

function columnsOf(value: WorldValue): object {
  const fact = factOf(value)
  if (fact instanceof Date) return { kind: 'time', time: fact.toISOString() }
  if (Array.isArray(fact)) return { kind: 'list', list: fact }
  if (typeof fact === 'string') return { kind: 'text', text: fact }
  return { kind: typeof fact, [typeof fact]: fact }
}

async function insert(warehouse: Warehouse, table: string, values: readonly object[]): Promise<void> {
  if (values.length === 0) return
  await warehouse.insert({
    table,
    values: [...values],
    format: 'JSONEachRow',
    clickhouse_settings: { date_time_input_format: 'best_effort' },
  })
}
