/** A small world on a real engine for tests of plans: people, their traits, segments, and what a destination acknowledged. */
import type { ActivationFile, PlanCounts, PlanSummary } from '@tributary/schemas'
import { openTestEngine } from '../../profiles/engine.testing.js'
import { acceptTestStep, testStep, writeFacts } from '../../profiles/facts/facts.testing.js'
import { reloadRecordOf } from '../../profiles/people/dictionaries.js'
import { openStep, type StepTarget } from '../../profiles/steps/derived-load.js'
import { identify } from '../../profiles/traits/traits.testing.js'
import type { Warehouse } from '../../warehouse/client.js'
import { selectRows } from '../../warehouse/query.js'
import type { AnyObject, PlanContext, PlanInput } from '../types.js'
import { stagePlan } from './stage-plan.js'
import { NO_COUNTS } from './summary.js'

export type TraitValue = string | number | boolean | Date | readonly string[]

export interface TestPerson {
  /** Of identifiers by type: node and value. The least node is the profile. */
  readonly identifiers?: readonly (readonly [node: number, type: string, value: string])[]
  readonly traits?: Readonly<Record<string, TraitValue>>
}

export const CONTACT: AnyObject = {
  name: 'contact',
  operations: ['upsert', 'remove', 'append', 'replace'],
  fields: { email: { type: 'string' }, ltv: { type: 'number' }, origin: { type: 'string' } },
  openFields: true,
  batch: { records: 100 },
  idempotency: 'natural',
  undo: 'inverse',
  write: () => Promise.reject(new Error('plans write nothing')),
}

export const MIRROR: ActivationFile = {
  segment: 'lapsed',
  destination: 'crm',
  object: 'contact',
  mode: 'mirror',
  match: { email: 'identifiers.email' },
  fields: { ltv: 'traits.ltv', origin: { constant: 'tributary' } },
}

export interface PlanWorld {
  readonly warehouse: Warehouse
  readonly context: PlanContext
  clear(): Promise<void>
  close(): Promise<void>
  /** Adds people by the number of their profile, or says anew which traits somebody has. */
  people(people: Readonly<Record<number, TestPerson>>): Promise<void>
  /** Gives nodes to profiles as a merge or split would. */
  identify(profiles: Readonly<Record<number, number>>): Promise<void>
  /** A refresh: members of each segment, or why it failed. */
  segments(segments: Readonly<Record<string, readonly number[] | { readonly error: string }>>): Promise<void>
  input(changes?: Partial<ActivationFile>, more?: Partial<PlanInput>): PlanInput
  /** Freezes what a run would send. */
  plan(changes?: Partial<ActivationFile>, more?: Partial<PlanInput>): Promise<PlanSummary>
  /** Plans, and sends all of it. */
  run(changes?: Partial<ActivationFile>, more?: Partial<PlanInput>): Promise<PlanSummary>
  /** What a plan sends, a line a record. */
  sent(plan: PlanSummary): ReturnType<typeof sentLines>
}

export async function openPlanWorld(): Promise<PlanWorld> {
  const engine = await openTestEngine()
  const { warehouse } = engine
  const world: PlanWorld = {
    warehouse,
    context: { warehouse, signal: new AbortController().signal, progress: () => undefined },
    clear: () => engine.clear(),
    close: () => engine.close(),
    people: (people) => addPeople(warehouse, people),
    identify: (profiles) => identify(warehouse, profiles),
    segments: (segments) => writeSegments(warehouse, segments),
    input: (changes = {}, more = {}) => ({
      activation: 'winback',
      definition: { ...MIRROR, ...changes },
      segmentName: 'Lapsed high value',
      object: CONTACT,
      connector: 'destination-test',
      revision: 'r1',
      run: 'run-1',
      ...more,
    }),
    plan: (changes, more) => stagePlan(world.context, world.input(changes, more)),
    async run(changes, more) {
      const summary = await world.plan(changes, more)
      await acknowledge(warehouse, summary.plan, summary.plan)
      return summary
    },
    sent: ({ plan }) => sentLines(warehouse, plan),
  }
  return world
}

async function addPeople(warehouse: Warehouse, people: Readonly<Record<number, TestPerson>>): Promise<void> {
  const entries = Object.entries(people).map(([profile, person]) => [Number(profile), person] as const)
  const nodes = entries.flatMap(([, { identifiers = [] }]) =>
    identifiers.map(([node, type, value]) => ({ node, type, value })),
  )
  if (nodes.length > 0) await writeFacts(warehouse, { nodes })
  const profiles = entries.flatMap(([profile, { identifiers = [] }]) =>
    identifiers.map(([node]) => [node, profile] as const),
  )
  if (profiles.some(([node, profile]) => node !== profile))
    await identify(warehouse, Object.fromEntries(profiles))
  await writeRecords(warehouse, entries)
}

/** Golden records as an accepted refresh of traits would leave them. */
async function writeRecords(
  warehouse: Warehouse,
  people: readonly (readonly [profile: number, TestPerson])[],
): Promise<void> {
  await acceptLoad(warehouse, 'traits', async ({ loadId: _load_id, generation: _generation, version }) => {
    await warehouse.insert({
      table: 'cdp.trait_values__rows',
      values: people.flatMap(([profile, { traits = {} }]) =>
        Object.entries(traits).map(([trait, value]) => ({
          trait,
          profile,
          ...columnsOf(value),
          _load_id,
          _generation,
        })),
      ),
      format: 'JSONEachRow',
      clickhouse_settings: { date_time_input_format: 'best_effort' },
    })
    await warehouse.insert({
      table: 'cdp.records__rows',
      values: people.map(([profile]) => ({ profile, version, _load_id, _generation })),
      format: 'JSONEachRow',
    })
  })
  await reloadRecordOf(warehouse)
}

function columnsOf(value: TraitValue): Readonly<Record<string, unknown>> {
  if (value instanceof Date) return { kind: 'time', time: value.toISOString() }
  if (typeof value === 'object') return { kind: 'list', list: value }
  return {
    kind: typeof value === 'string' ? 'text' : typeof value,
    [typeof value === 'string' ? 'text' : typeof value]: value,
  }
}

async function acceptLoad(
  warehouse: Warehouse,
  stream: string,
  write: (target: StepTarget) => Promise<void>,
): Promise<void> {
  const step = await openStep<object>(testStep(warehouse), stream)
  const staged = await step.stage(async (target) => {
    await write(target)
    return { rows: 1, state: {} }
  })
  await acceptTestStep(warehouse, staged)
}

async function writeSegments(
  warehouse: Warehouse,
  segments: Readonly<Record<string, readonly number[] | { readonly error: string }>>,
): Promise<void> {
  await acceptLoad(warehouse, 'segments', async ({ loadId, version }) => {
    for (const [segment, of] of Object.entries(segments)) {
      const failed = 'error' in of
      await warehouse.command({
        query: `INSERT INTO cdp.segment_versions__rows (segment, members, carries, error, version, _load_id)
          SELECT {segment:String}, bitmapBuild({members:Array(UInt32)}), {carries:UInt8}, {error:String}, ${version}, ${loadId}`,
        query_params: {
          segment,
          members: failed ? [] : of,
          carries: failed ? 0 : 1,
          error: failed ? of.error : '',
        },
      })
    }
  })
}

export interface PlannedRecord {
  readonly batch: number
  readonly ordinal: number
  readonly change: string
  readonly operation: string
  readonly key: string
  readonly fields: string
  readonly before: string
  readonly profile: number
  readonly compensates: string
}

/** All records of a plan in their order. */
export function plannedRecords(warehouse: Warehouse, plan: string): Promise<PlannedRecord[]> {
  return selectRows<PlannedRecord>(
    warehouse,
    `SELECT batch, ordinal, change, operation, key, fields, before, profile, compensates
     FROM cdp.activation_plan_records WHERE plan = {plan:String} ORDER BY batch, ordinal`,
    { plan },
  )
}

/** What a plan would send, a line a record: operation, change, match values, fields. */
async function sentLines(warehouse: Warehouse, plan: string): Promise<string[]> {
  const records = await plannedRecords(warehouse, plan)
  return records.map(({ operation, change, key, fields }) =>
    [operation, change, Object.values(JSON.parse(key) as object).join('+'), fields].join(' '),
  )
}

/** Names of the guards that stop a plan. */
export const breachesOf = ({ guards }: PlanSummary): string[] =>
  guards
    .filter(({ breached }) => breached)
    .map(({ name, final = false }) => (final ? `${name}, final` : name))

/** Logs the records of a plan as acknowledged, as sending them would. @param among SQL: which of them. @default all */
export async function acknowledge(
  warehouse: Warehouse,
  plan: string,
  run: string,
  among = '1',
): Promise<void> {
  await warehouse.command({
    query: `INSERT INTO cdp.activation_log
        (activation, target, key, change, operation, fields, before, profile, outcome, reason, code, run, plan, version, batch)
      SELECT activation, target, key, change, operation, fields, before, profile, 'acknowledged', '', '', {run:String}, plan,
        (SELECT max(version) FROM cdp.activation_plans WHERE plan = {plan:String}), batch
      FROM cdp.activation_plan_records WHERE plan = {plan:String} AND ${among}`,
    query_params: { plan, run },
  })
}

/** What the target holds as far as it acknowledged: fields by match value. */
export async function heldThere(
  warehouse: Warehouse,
  target = 'crm/contact/email',
): Promise<Readonly<Record<string, string>>> {
  const rows = await selectRows<{ key: string; fields: string }>(
    warehouse,
    `SELECT key, fields FROM cdp.activation_state(activation = 'winback', target = {target:String})
     WHERE present ORDER BY key`,
    { target },
  )
  return Object.fromEntries(
    rows.map(({ key, fields }) => [Object.values(JSON.parse(key) as object).join('+'), fields]),
  )
}

/** A person with an e-mail address of their own. */
export const somebody = (profile: number, ltv: number, more: TestPerson['traits'] = {}): TestPerson => ({
  identifiers: [[profile, 'email', `p${profile}@example.org`]],
  traits: { ltv, ...more },
})

export const countsOf = (counts: Partial<PlanCounts>): PlanCounts => ({ ...NO_COUNTS, ...counts })
