/** A frozen plan, and a destination in this process that remembers what it was told, for tests of delivering. */
import {
  type Batch,
  type DestinationRecord,
  type ObjectDefinition,
  OK,
  type WriteContext,
  type WriteResult,
} from '@tributary/connector-sdk'
import { testWriteContext } from '@tributary/connector-sdk/testing'
import { canonicalJson, type PlanSummary } from '@tributary/schemas'
import { writeFacts } from '../../profiles/facts/facts.testing.js'
import { refreshTraits } from '../../profiles/traits/traits.testing.js'
import type { Warehouse } from '../../warehouse/client.js'
import { selectRows } from '../../warehouse/query.js'
import { NO_COUNTS } from '../plan/summary.js'
import type { AnyObject, Change } from '../types.js'
import type { DeliverContext, DeliverInput, DeliveryProgress } from './types.js'

export const ACTIVATION = 'winback'
export const TARGET = 'crm/contact/email'

export interface TestRecord {
  readonly email: string
  /** @default add */
  readonly change?: Change
  readonly fields?: Readonly<Record<string, string | number | null>>
  readonly before?: string
  readonly profile?: number
  readonly compensates?: string
}

export interface TestPlan {
  /** @default p1 */
  readonly plan?: string
  /** @default 1 */
  readonly version?: number
  readonly mode?: PlanSummary['mode']
  /** Of all records that are no removes. @default upsert */
  readonly operation?: Batch['operation']
  readonly batches: readonly (readonly TestRecord[])[]
  readonly repeatable?: boolean
}

/** Freezes a plan as planning would. */
export async function freezePlan(warehouse: Warehouse, test: TestPlan): Promise<PlanSummary> {
  const { plan = 'p1', version = 1, operation = 'upsert', batches } = test
  const records = batches.flatMap((batch, index) =>
    batch.map(
      ({ email, change = 'add', fields = {}, before = '', profile = 1, compensates = '' }, ordinal) => ({
        plan,
        batch: index,
        ordinal,
        activation: ACTIVATION,
        target: TARGET,
        key: canonicalJson({ email }),
        change,
        operation: change === 'remove' && operation === 'upsert' ? 'remove' : operation,
        fields: change === 'remove' && operation !== 'append' ? '' : canonicalJson(fields),
        before,
        profile,
        compensates,
      }),
    ),
  )
  const summary: PlanSummary = {
    plan,
    hash: 'hash',
    activation: ACTIVATION,
    revision: 'revision',
    segment: 'lapsed',
    segmentVersion: 1,
    destination: 'crm',
    connector: 'destination-test',
    object: 'contact',
    mode: test.mode ?? 'mirror',
    counts: { ...NO_COUNTS, members: records.length, adds: records.length },
    guards: [],
    onBreach: 'stop',
    approvalMs: 0,
    batches: batches.length,
    records: records.length,
    finishes: operation === 'replace',
    estimatedSeconds: 1,
    repeatable: test.repeatable ?? false,
    undo: 'inverse',
  }
  await warehouse.insert({ table: 'cdp.activation_plan_records', values: records, format: 'JSONEachRow' })
  await warehouse.insert({
    table: 'cdp.activation_plans',
    columns: ['plan', 'activation', 'run', 'version', 'hash', 'summary'],
    values: [
      {
        plan,
        activation: ACTIVATION,
        run: `run-${plan}`,
        version,
        hash: 'hash',
        summary: JSON.stringify(summary),
      },
    ],
    format: 'JSONEachRow',
  })
  return summary
}

export const NOTHING_YET: DeliveryProgress = {
  batches: 0,
  acknowledged: 0,
  rejected: 0,
  withheld: 0,
  repeated: 0,
}

/** What the destination was told, in order; and what it holds because of it. */
export interface Told {
  readonly batches: { readonly key: string; readonly emails: readonly string[] }[]
  readonly holds: Map<string, DestinationRecord>
}

/** An object that takes everything. Members that are given replace its own. */
export function testObject(overrides: Partial<ObjectDefinition<unknown>> = {}): {
  readonly object: AnyObject
  readonly told: Told
} {
  const told: Told = { batches: [], holds: new Map() }
  const object: AnyObject = {
    name: 'contact',
    operations: ['upsert', 'remove', 'append', 'replace'],
    fields: { email: { type: 'string' } },
    openFields: true,
    batch: { records: 1000 },
    idempotency: 'natural',
    undo: 'inverse',
    write: async (_context, batch) => take(told, batch),
    ...overrides,
  }
  return { object, told }
}

/** Remembers a batch and applies those of its records that are answered ok. */
export function take(told: Told, batch: Batch, answer?: WriteResult): WriteResult {
  const taken = answer ?? { results: batch.records.map(() => OK) }
  told.batches.push({
    key: batch.idempotencyKey,
    emails: batch.records.map(({ match }) => String(match.email)),
  })
  if (!('results' in taken)) return taken
  for (const [index, record] of batch.records.entries()) {
    if (taken.results[index]?.status !== 'ok') continue
    const email = String(record.match.email)
    if (batch.operation === 'remove') told.holds.delete(email)
    else told.holds.set(email, record)
  }
  return taken
}

export interface Attempt {
  readonly attempt?: number
  readonly progress?: DeliveryProgress
  readonly consent?: readonly string[]
  readonly heartbeatMs?: number
  readonly signal?: AbortSignal
  readonly endRequested?: DeliverContext['endRequested']
  readonly now?: DeliverContext['now']
  /** @default does not wait */
  readonly sleep?: NonNullable<DeliverContext['sleep']>
  readonly warehouse?: Warehouse
}

/** What one attempt at delivering is called with. */
export function attemptOf(
  warehouse: Warehouse,
  plan: PlanSummary,
  object: AnyObject,
  attempt: Attempt = {},
): readonly [DeliverContext, DeliverInput] {
  const signal = attempt.signal ?? new AbortController().signal
  return [
    {
      warehouse: attempt.warehouse ?? warehouse,
      signal,
      progress: () => undefined,
      endRequested: attempt.endRequested ?? (() => undefined),
      now: attempt.now ?? Date.now,
      attempt: attempt.attempt ?? 1,
      sleep: attempt.sleep ?? (async (_ms, signal) => signal.throwIfAborted()),
    },
    {
      run: `run-${plan.plan}`,
      plan: { ...plan, ...(attempt.heartbeatMs !== undefined && { heartbeatMs: attempt.heartbeatMs }) },
      progress: attempt.progress ?? NOTHING_YET,
      target: TARGET,
      consent: attempt.consent ?? [],
      object,
      write: writeContext(signal),
    },
  ]
}

/** Nothing here asks it for more than what a connector's context is. */
function writeContext(signal: AbortSignal): WriteContext<unknown> {
  const context = testWriteContext<unknown>({}, { signal, activation: ACTIVATION })
  context.close()
  return context
}

export interface LogRow {
  readonly email: string
  readonly outcome: string
  readonly reason: string
  readonly batch: number
}

/** The log as it was written, every row, by plan, batch and key. */
export async function readLog(warehouse: Warehouse, plan = 'p1'): Promise<LogRow[]> {
  return selectRows<LogRow>(
    warehouse,
    `SELECT JSONExtractString(key, 'email') AS email, outcome, reason, batch FROM cdp.activation_log
     WHERE plan = {plan:String} ORDER BY batch, email, at`,
    { plan },
  )
}

/** What the log says that the destination holds: by e-mail, its fields. */
export async function readState(warehouse: Warehouse): Promise<Record<string, string>> {
  const rows = await selectRows<{ email: string; fields: string }>(
    warehouse,
    `SELECT JSONExtractString(key, 'email') AS email, fields
     FROM cdp.activation_state(activation = {activation:String}, target = {target:String}) WHERE present ORDER BY email`,
    { activation: ACTIVATION, target: TARGET },
  )
  return Object.fromEntries(rows.map(({ email, fields }) => [email, fields]))
}

/** Members with a name each. */
export const people = (...emails: string[]): TestRecord[] =>
  emails.map((email) => ({ email, fields: { name: email } }))

/** The log in short: `0 a@example.com acknowledged`. */
export async function readOutcomes(warehouse: Warehouse): Promise<string[]> {
  return (await readLog(warehouse)).map(({ email, outcome, batch }) => `${batch} ${email} ${outcome}`)
}

/** As a refresh would after somebody said so. */
export async function suppress(warehouse: Warehouse, ...nodes: number[]): Promise<void> {
  await writeFacts(warehouse, {
    traits: nodes.map((node) => ({ node, trait: 'suppressed', value: true, ts: new Date('2026-01-01') })),
  })
  await refreshTraits(warehouse, {}, { now: new Date('2026-02-01') })
}
