/** Writes facts as an accepted load of a mapping, for tests of what works on facts. */
import type { Warehouse } from '../../warehouse/client.js'
import { acceptStep, openStep, type StagedLoad, type StepContext } from '../steps/derived-load.js'
import { PROPERTY_TYPES, propertyColumn, quotedProperty, type ValueKind } from './values.js'

/** Text, number, boolean, time or list; null unsets a trait and is no property at all. */
export type FactValue = string | number | boolean | Date | readonly string[] | null

export interface TestFacts {
  /** @default test */
  readonly mapping?: string
  /** @default shop */
  readonly source?: string
  readonly nodes?: readonly { readonly node: number; readonly type: string; readonly value: string }[]
  readonly events?: readonly {
    readonly node: number
    readonly event: string
    readonly ts: Date
    readonly row?: string
    readonly properties?: Readonly<Record<string, FactValue>>
  }[]
  readonly traits?: readonly {
    readonly node: number
    readonly trait: string
    readonly value: FactValue
    readonly ts: Date
    readonly receivedAt?: Date
    readonly row?: string
    readonly source?: string
  }[]
  readonly links?: readonly {
    readonly a: number
    readonly b: number
    readonly ts: Date
    readonly row?: string
  }[]
  /** Rows of which older facts no longer hold, and whom they were about. Takes the facts themselves away, too. */
  readonly retracted?: readonly { readonly row: string; readonly node: number }[]
}

const ORIGIN = { revision: 'test', runId: 'test' }
let lastRow = 0

function nextRow(): string {
  lastRow += 1
  return String(lastRow)
}

export function testStep(warehouse: Warehouse, now: Date = new Date()): StepContext {
  return { warehouse, origin: ORIGIN, now, signal: new AbortController().signal, progress: () => undefined }
}

/** Accepts what a step has staged, as the workflow would. */
export function acceptTestStep(warehouse: Warehouse, staged: StagedLoad): Promise<void> {
  return acceptStep(warehouse, staged, ORIGIN)
}

/** Resolves to the id of the load. */
export async function writeFacts(warehouse: Warehouse, facts: TestFacts): Promise<string> {
  const mapping = facts.mapping ?? 'test'
  const step = await openStep<object>(testStep(warehouse), `mapping/${mapping}`)
  await addPropertyColumns(warehouse, facts)
  const staged = await step.stage(async ({ loadId, generation }) => {
    const common = { mapping, source: facts.source ?? 'shop', _load_id: loadId, _generation: generation }
    const row = (given?: string) => ({ row: given ?? nextRow() })
    const time = (date: Date) => date.toISOString()
    await insert(
      warehouse,
      'nodes',
      (facts.nodes ?? []).map((node) => ({ ...node, first_seen: time(new Date(0)), _load_id: loadId })),
    )
    await insert(
      warehouse,
      'events',
      (facts.events ?? []).map((event) => ({
        ...common,
        ...row(event.row),
        event: event.event,
        message_id: event.row ?? String(lastRow),
        ts: time(event.ts),
        received_at: time(event.ts),
        node: event.node,
        ...Object.fromEntries(
          Object.entries(event.properties ?? {})
            .filter(([, value]) => value !== null)
            .map(([name, value]) => [propertyColumn(kindOf(value) as ValueKind, name), plain(value)]),
        ),
      })),
    )
    await insert(
      warehouse,
      'trait_facts',
      (facts.traits ?? []).map((fact) => ({
        ...common,
        ...(fact.source !== undefined && { source: fact.source }),
        ...row(fact.row),
        trait: fact.trait,
        node: fact.node,
        ts: time(fact.ts),
        received_at: time(fact.receivedAt ?? fact.ts),
        kind: kindOf(fact.value),
        ...(fact.value !== null && { [kindOf(fact.value)]: plain(fact.value) }),
      })),
    )
    await insert(
      warehouse,
      'links',
      (facts.links ?? []).map((link) => ({
        ...common,
        ...row(link.row),
        node_a: link.a,
        node_b: link.b,
        ts: time(link.ts),
      })),
    )
    await insert(
      warehouse,
      'retracted',
      (facts.retracted ?? []).map(({ row, node }) => ({
        mapping,
        row,
        node,
        _load_id: loadId,
        _generation: generation,
      })),
    )
    return { rows: 1, state: {} }
  })
  await acceptTestStep(warehouse, staged)
  for (const { row } of facts.retracted ?? []) {
    for (const table of ['events', 'trait_facts', 'links']) {
      await warehouse.command({
        query: `DELETE FROM cdp.${table}__rows WHERE mapping = {mapping:String} AND row = {row:UInt64} AND _load_id < {load:UInt64}`,
        query_params: { mapping, row, load: staged.load.loadId },
      })
    }
  }
  return staged.load.loadId
}

const kindOf = (value: FactValue): ValueKind | 'null' => {
  if (value === null) return 'null'
  if (value instanceof Date) return 'time'
  if (Array.isArray(value)) return 'list'
  return typeof value === 'string' ? 'text' : (typeof value as 'number' | 'boolean')
}

const plain = (value: FactValue) => (value instanceof Date ? value.toISOString() : value)

async function addPropertyColumns(warehouse: Warehouse, facts: TestFacts): Promise<void> {
  const columns = new Map<string, string>()
  for (const { properties } of facts.events ?? []) {
    for (const [name, value] of Object.entries(properties ?? {})) {
      const kind = kindOf(value)
      if (kind !== 'null') columns.set(quotedProperty(kind, name), PROPERTY_TYPES[kind])
    }
  }
  for (const [column, type] of columns) {
    await warehouse.command({
      query: `ALTER TABLE cdp.events__rows ADD COLUMN IF NOT EXISTS ${column} ${type}`,
    })
  }
}

async function insert(warehouse: Warehouse, table: string, values: readonly object[]): Promise<void> {
  if (values.length === 0) return
  await warehouse.insert({
    table: `cdp.${table}__rows`,
    values: [...values],
    format: 'JSONEachRow',
    clickhouse_settings: { date_time_input_format: 'best_effort' },
  })
}
