/**
 * Made-up people inside ClickHouse, written as accepted loads of a mapping: identifiers, events of ten names with three
 * properties, traits and links. The same numbers always give the same people. What is generated can be kept for the next
 * benchmark: TRIBUTARY_BENCH_PEOPLE names a folder.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { IdentityFile, TraitsFile } from '@tributary/schemas'
import { startClickHouse } from '../../local/clickhouse/launch.js'
import { stageIdentity } from '../../profiles/identity/stage-identity.js'
import { prepareDictionaries, reloadProfileOf, reloadRecordOf } from '../../profiles/people/dictionaries.js'
import {
  acceptStep,
  openStep,
  type StagedLoad,
  type StepContext,
  type StepTarget,
} from '../../profiles/steps/derived-load.js'
import { stageTraits } from '../../profiles/traits/stage-traits.js'
import { connectWarehouse, type Warehouse } from '../../warehouse/client.js'
import { migrate } from '../../warehouse/migrations/migrate.js'
import { selectRow } from '../../warehouse/query.js'
import { dateTime64, insertEvents, shareOfEvents } from './people-events.js'

/** The moment for which the people are made; all events lie in the year before. */
export const NOW = new Date('2026-06-01T12:00:00.000Z')

/** Customers, one in five of them with an e-mail address of which some events are. */
export const IDENTITY: IdentityFile = {
  identifiers: { customer_id: { unique: true, normalize: 'none' }, email: { normalize: 'email', limit: 6 } },
}

export const TRAITS: TraitsFile = {
  traits: { city: { rule: 'latest' }, tier: { rule: 'latest' } },
  computed: {
    orders: { event: 'Item Purchased', aggregate: 'count', within: '90d' },
    lifetime_value: { event: 'Item Purchased', aggregate: { sum: 'amount' } },
  },
}

/** How many there are. */
export interface PeopleSize {
  readonly people: number
  readonly events: number
}

/** Ten events a person. */
export const peopleSize = (events: number): PeopleSize => ({ events, people: Math.ceil(events / 10) })

export interface PeopleWorld extends PeopleSize {
  readonly warehouse: Warehouse
  /** Of the ClickHouse process. */
  readonly pid: number
  stop(): Promise<void>
}

/** An attempt at a step, for this moment. */
export function benchStep(warehouse: Warehouse, now: Date = NOW): StepContext {
  return { warehouse, origin: ORIGIN, now, signal: new AbortController().signal, progress: () => undefined }
}

export const ORIGIN = { revision: 'bench', runId: 'bench' }
const LOGIN = { user: 'bench', password: 'bench-engine' }

export function accept(warehouse: Warehouse, staged: StagedLoad): Promise<void> {
  return acceptStep(warehouse, staged, ORIGIN)
}

/** Starts a warehouse with nobody in it. */
export async function startWarehouse(dataDir: string): Promise<Omit<PeopleWorld, keyof PeopleSize>> {
  const engine = await startClickHouse({ ...LOGIN, dataDir })
  const warehouse = connectWarehouse({ url: engine.url, username: LOGIN.user, password: LOGIN.password })
  await migrate(warehouse)
  await prepareDictionaries(warehouse)
  return {
    warehouse,
    pid: engine.pid,
    async stop() {
      await warehouse.close()
      await engine.stop()
    },
  }
}

/** Where data of this name lies: kept from benchmark to benchmark where a folder for that is named. */
export function keptData(
  folder: string,
  name: string,
): { readonly dataDir: string; readonly isThere: boolean } {
  const dataDir = join(process.env.TRIBUTARY_BENCH_PEOPLE ?? folder, name)
  return { dataDir, isThere: existsSync(dataDir) }
}

/**
 * Starts a warehouse with these people in it, identity and traits made. `folder` is the benchmark's own.
 * @param log told in one line each what is being done
 */
export async function startPeople(
  folder: string,
  size: PeopleSize,
  log: (message: string) => void,
): Promise<PeopleWorld> {
  const { dataDir, isThere } = keptData(folder, `people-${size.people}-${size.events}`)
  const world = { ...(await startWarehouse(dataDir)), ...size }
  try {
    if (!isThere) await makePeople(world, log)
    await reloadProfileOf(world.warehouse)
    await reloadRecordOf(world.warehouse)
    await settle(world.warehouse)
    return world
  } catch (error) {
    await world.stop()
    throw error
  }
}

/**
 * Writes these people, who identity and traits then know, into a warehouse with nobody in it.
 * @param now the events lie in the year before. @default NOW
 * @param more writes more of the same load
 */
export async function makePeople(
  world: Pick<PeopleWorld, 'warehouse' | keyof PeopleSize>,
  log: (message: string) => void,
  now: Date = NOW,
  more: (target: StepTarget) => Promise<void> = async () => undefined,
): Promise<void> {
  const { warehouse, people, events } = world
  const timed = async (what: string, work: () => Promise<unknown>) => {
    const startedAt = performance.now()
    await work()
    log(`${what}: ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
  }
  for (const column of [
    '`number:amount` Nullable(Float64)',
    '`text:category` Nullable(String)',
    '`text:channel` Nullable(String)',
  ]) {
    await warehouse.command({ query: `ALTER TABLE cdp.events__rows ADD COLUMN IF NOT EXISTS ${column}` })
  }
  await timed(`${people} people with ${events} events`, () =>
    acceptFacts(warehouse, async (target) => {
      await insertPeople(world, target, now)
      await insertEvents(warehouse, target, shareOfEvents(world), now)
      await more(target)
    }),
  )
  await timed('identity', async () => {
    const staged = await stageIdentity(benchStep(warehouse, now), { identity: IDENTITY })
    if (staged) await accept(warehouse, staged)
    await reloadProfileOf(warehouse)
  })
  await timed('traits', () => refreshTraits(warehouse, now, false))
}

/** Runs the traits' step to its end. */
export async function refreshTraits(warehouse: Warehouse, now: Date, rebuild: boolean): Promise<void> {
  const staged = await stageTraits(benchStep(warehouse, now), { traits: TRAITS, timeZone: 'UTC', rebuild })
  if (staged) await accept(warehouse, staged)
  await reloadRecordOf(warehouse)
}

/** Writes facts as an accepted load of the mapping `bench`. */
export async function acceptFacts(
  warehouse: Warehouse,
  write: (target: StepTarget) => Promise<void>,
): Promise<void> {
  const step = await openStep<object>(benchStep(warehouse), 'mapping/bench')
  const staged = await step.stage(async (target) => {
    await write(target)
    return { rows: 1, state: {} }
  })
  await accept(warehouse, staged)
}

/** Takes derived streams out of the ledger, and all rows out of tables of database `cdp`, for the next run. */
export async function forgetDerived(
  warehouse: Warehouse,
  streams: readonly string[],
  tables: readonly string[],
): Promise<void> {
  await warehouse.command({
    query: `DELETE FROM tributary.loads WHERE source = 'cdp' AND stream IN {streams:Array(String)}`,
    query_params: { streams },
  })
  for (const table of tables) await warehouse.command({ query: `TRUNCATE TABLE cdp.${table}__rows` })
}

/** The moment at which all events have happened: later than NOW where `addEvents` was there. */
export async function readMoment({ warehouse }: PeopleWorld): Promise<Date> {
  const row = await selectRow<{ last: string }>(
    warehouse,
    'SELECT max(toUnixTimestamp64Milli(ts)) AS last FROM cdp.events__rows',
  )
  return new Date(
    NOW.getTime() + Math.max(0, Math.ceil((Number(row!.last) - NOW.getTime()) / ROUND_MS)) * ROUND_MS,
  )
}

const ROUND_MS = 300_000

/** As many new events as a hundredth of all, of one person in a hundred, in the five minutes from `from` on. */
export function addEvents(world: PeopleWorld, from: Date): Promise<void> {
  const share = shareOfEvents({ ...world, events: Math.ceil(world.events / 100) })
  const round = (from.getTime() - NOW.getTime()) / ROUND_MS
  return acceptFacts(world.warehouse, (target) =>
    insertEvents(world.warehouse, target, share, new Date(from.getTime() + ROUND_MS), {
      milliseconds: ROUND_MS,
      firstRow: world.events + round * share.total,
      among: { every: 100, rest: round % 100 },
    }),
  )
}

/** Waits until the engine has merged what was written, so that it does nothing of its own while it is measured. */
export async function settle(warehouse: Warehouse): Promise<void> {
  const deadline = Date.now() + 300_000
  for (let quiet = 0; quiet < 3 && Date.now() < deadline; ) {
    const row = await selectRow<{ merges: string }>(warehouse, 'SELECT count() AS merges FROM system.merges')
    quiet = row?.merges === '0' ? quiet + 1 : 0
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

async function insertPeople(
  { warehouse, people }: Pick<PeopleWorld, 'warehouse' | 'people'>,
  target: StepTarget,
  now: Date,
): Promise<void> {
  const emails = Math.floor(people / 5)
  const mapped = `'bench' AS mapping, 'shop' AS source, number AS row`
  const load = `${target.loadId}, ${target.generation}`
  const long = dateTime64(new Date(now.getTime() - 400 * 86_400_000))
  const statements = [
    `INSERT INTO cdp.nodes__rows SELECT number + 1, 'customer_id', concat('c', toString(number + 1)), ${long}, ${target.loadId} FROM numbers(${people})`,
    `INSERT INTO cdp.nodes__rows SELECT ${people} + number + 1, 'email', concat('e', toString(number + 1), '@example.com'), ${long}, ${target.loadId} FROM numbers(${emails})`,
    `INSERT INTO cdp.links__rows SELECT ${mapped}, 5 * (number + 1), ${people} + number + 1, ${long}, ${load} FROM numbers(${emails})`,
    ...Object.entries({
      city: `concat('city-', toString(intHash64(number) % 50))`,
      tier: `['none', 'silver', 'gold'][1 + intHash64(number + 7) % 3]`,
    }).map(
      ([trait, value]) => `INSERT INTO cdp.trait_facts__rows
        (mapping, source, row, trait, node, ts, received_at, kind, text, _load_id, _generation)
        SELECT ${mapped}, '${trait}', number + 1, ${long}, ${long}, 'text', ${value}, ${load} FROM numbers(${people})`,
    ),
  ]
  for (const query of statements) await warehouse.command({ query })
}
