/** Some rows of a preview's sample, each with all that the mapping makes of it. */
import { quoteIdentifier } from '../../warehouse/types/identifiers.js'
import type { ValueKind } from '../facts/values.js'
import type { MappingPlan } from './plan-mapping.js'
import { identified, identifierColumn } from './resolve-nodes.js'
import type { WorkTables } from './work-tables.js'

/** A value with its kind; null where the row has none. Times are ISO 8601. */
export interface PreviewValue {
  readonly kind: ValueKind
  readonly value: string | number | boolean | readonly string[] | null
}

export interface PreviewRow {
  /** The columns that the mapping reads, as they are. */
  readonly columns: Readonly<Record<string, unknown>>
  /** By priority. `blocked`: the value identifies nobody. `empty`: there is none. */
  readonly identifiers: readonly {
    readonly type: string
    readonly raw: string
    readonly value: string
    readonly status: 'used' | 'blocked' | 'empty'
  }[]
  /** Empty where the row has no identifier, as are traits: nobody would have them. */
  readonly events: readonly {
    readonly name: string
    readonly messageId: string
    readonly at: string
    readonly properties: Readonly<Record<string, PreviewValue>>
  }[]
  readonly traits: readonly ({ readonly name: string; readonly at: string } & PreviewValue)[]
}

type Cells = Readonly<Record<string, unknown>>

/** @param sampled SELECT of gathered rows whose phone numbers were learned */
export async function previewRows(
  work: WorkTables,
  plan: MappingPlan,
  sampled: string,
  limit: number,
): Promise<PreviewRow[]> {
  const cells = [
    ...plan.columns.map((column, index) => [`column_${index}`, quoteIdentifier(column)]),
    ...plan.identifiers.flatMap(({ text }, index) => [
      [`raw_${index}`, text],
      [`value_${index}`, identifierColumn(index)],
    ]),
    ['message_id', plan.messageId],
    ...plan.events.flatMap(({ when, ts, properties }, index) => [
      [`event_${index}`, `toUInt8(${when})`],
      [`event_${index}_at`, ts],
      ...properties.map(({ sql }, property) => [`event_${index}_${property}`, sql]),
    ]),
    ...plan.traits.flatMap(({ says, ts, value }, index) => [
      [`trait_${index}`, `toUInt8(${says})`],
      [`trait_${index}_at`, ts],
      [`trait_${index}_value`, value],
    ]),
  ]
  const rows = await work.select<Cells>(
    `SELECT ${cells.map(([name, sql]) => `${sql} AS ${quoteIdentifier(`:${name}`)}`).join(', ')}
     FROM (${identified(plan, sampled)}) LIMIT ${Math.floor(limit)}`,
  )
  return rows.map((row) => assemble(plan, row))
}

function assemble(plan: MappingPlan, row: Cells): PreviewRow {
  const identifiers = plan.identifiers.map(({ type }, index) => {
    const raw = String(row[`:raw_${index}`])
    const value = String(row[`:value_${index}`])
    const status = value !== '' ? 'used' : raw !== '' ? 'blocked' : 'empty'
    return { type, raw, value, status } as const
  })
  const isSomebody = identifiers.some(({ status }) => status === 'used')
  const events = plan.events.flatMap(({ name, properties }, index) => {
    if (!isSomebody || row[`:event_${index}`] !== 1) return []
    const values = properties.map(({ column, kind }, property) => [
      column.slice(kind.length + 1),
      shown(kind, row[`:event_${index}_${property}`]),
    ])
    return [
      {
        name,
        messageId: String(row[':message_id']),
        at: time(row[`:event_${index}_at`]),
        properties: Object.fromEntries(values),
      },
    ]
  })
  const traits = plan.traits.flatMap(({ name, kind }, index) =>
    isSomebody && row[`:trait_${index}`] === 1
      ? [{ name, at: time(row[`:trait_${index}_at`]), ...shown(kind, row[`:trait_${index}_value`]) }]
      : [],
  )
  return {
    columns: Object.fromEntries(plan.columns.map((column, index) => [column, row[`:column_${index}`]])),
    identifiers,
    events,
    traits,
  }
}

const shown = (kind: ValueKind, value: unknown): PreviewValue => ({
  kind,
  value:
    value === null ? null : kind === 'time' ? time(value) : (value as NonNullable<PreviewValue['value']>),
})

/** The engine writes `2026-01-31 10:00:00.000`, in UTC. */
const time = (text: unknown): string => `${String(text).replace(' ', 'T')}Z`
