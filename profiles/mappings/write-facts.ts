/** The facts that rows give, as rows of `cdp.events__rows`, `cdp.trait_facts__rows` and `cdp.links__rows`. */
import type { Warehouse } from '../../warehouse/client.js'
import { factsView } from '../../warehouse/migrations/profiles.js'
import { selectRows } from '../../warehouse/query.js'
import { quoteIdentifier, quoteString } from '../../warehouse/types/identifiers.js'
import { PROPERTY_TYPES, type ValueKind } from '../facts/values.js'
import type { StepTarget } from '../steps/derived-load.js'
import { givesFacts, type MappingPlan, type PlannedTrait, RECEIVED, ROW, rowTime } from './plan-mapping.js'
import { OTHERS, PERSON } from './resolve-nodes.js'
import type { WorkTables } from './work-tables.js'

/** Names of what queries work out beside a stream's columns, which may be called anything. */
const AT = quoteIdentifier(':at')
const LINKED = quoteIdentifier(':linked')
export const FACT = quoteIdentifier(':fact')

/** Adds the columns of a mapping's properties where they are missing. Idempotent. */
export async function addPropertyColumns(warehouse: Warehouse, plan: MappingPlan): Promise<void> {
  const wanted = new Map(
    plan.events.flatMap(({ properties }) =>
      properties.map(({ column, kind }) => [column, PROPERTY_TYPES[kind]]),
    ),
  )
  const columns = await selectRows<{ table: string; name: string }>(
    warehouse,
    `SELECT table, name FROM system.columns
     WHERE database = 'cdp' AND table IN ('events', 'events__rows') AND name IN {wanted:Array(String)}`,
    { wanted: [...wanted.keys()] },
  )
  const missing = (table: string) =>
    [...wanted].filter(([name]) => !columns.some((column) => column.table === table && column.name === name))
  const additions = missing('events__rows').map(
    ([name, type]) => `ADD COLUMN IF NOT EXISTS ${quoteIdentifier(name)} ${type}`,
  )
  if (additions.length > 0) {
    await warehouse.command({ query: `ALTER TABLE cdp.events__rows ${additions.join(', ')}` })
  }
  // The columns of a view are those of its table when it was made.
  if (missing('events').length > 0) await warehouse.command({ query: factsView('events') })
}

/** Writes the facts of resolved rows under the attempt's load. @param among condition on `:row` */
export async function writeFacts(
  work: WorkTables,
  plan: MappingPlan,
  target: StepTarget,
  resolved: string,
  among: string,
): Promise<void> {
  const common = `${quoteString(plan.mapping)}, ${quoteString(plan.stream.source)}, ${ROW}`
  const end = `${target.loadId}, ${target.generation}`
  for (const { name, when, ts, properties } of plan.events) {
    const columns = properties.map(({ column }) => quoteIdentifier(column))
    await work.run(
      `INSERT INTO cdp.events__rows
         (${['mapping, source, row, event, message_id, ts, received_at, node, _load_id, _generation', ...columns].join(', ')})
       SELECT ${[`${common}, ${quoteString(name)}, ${plan.messageId}, ${ts}, ${RECEIVED}, ${PERSON}, ${end}`, ...properties.map(({ sql }) => sql)].join(', ')}
       FROM ${resolved} WHERE ${when} AND ${among}`,
    )
  }
  if (plan.traits.length > 0) {
    await work.run(
      `INSERT INTO cdp.trait_facts__rows
         (mapping, source, row, trait, node, ts, received_at, kind, text, number, boolean, time, list, _load_id, _generation)
       SELECT ${common}, ${FACT}.1, ${PERSON}, ${FACT}.3, ${RECEIVED}, ${FACT}.4, ${FACT}.5, ${FACT}.6, ${FACT}.7, ${FACT}.8, ${FACT}.9, ${end}
       FROM (SELECT ${ROW}, ${RECEIVED}, ${PERSON}, arrayJoin([${plan.traits.map(traitFact).join(', ')}]) AS ${FACT}
         FROM ${resolved} WHERE ${among})
       WHERE ${FACT}.2`,
    )
  }
  await work.run(
    `INSERT INTO cdp.links__rows (mapping, source, row, node_a, node_b, ts, _load_id, _generation)
     SELECT ${common}, ${PERSON}, ${LINKED}, ${AT}, ${end}
     FROM (SELECT ${ROW}, ${PERSON}, ${rowTime(plan)} AS ${AT}, arrayJoin(${linked(plan)}) AS ${LINKED}
       FROM ${resolved} WHERE ${among})`,
  )
}

/** SQL: the nodes to which a row links its person; itself where nothing else tells that it is there. */
export const linked = (plan: MappingPlan): string =>
  `if(empty(${OTHERS}) AND NOT ${givesFacts(plan)}, [${PERSON}], ${OTHERS})`

/** SQL: a tuple of trait, says, ts, kind and the value in the column of its kind. */
export function traitFact({ name, kind, ts, says, value }: PlannedTrait): string {
  const none: Readonly<Record<ValueKind, string>> = {
    text: "''",
    number: 'toFloat64(0)',
    boolean: 'toUInt8(0)',
    time: "toDateTime64(0, 3, 'UTC')",
    list: "CAST([], 'Array(String)')",
  }
  const own: Readonly<Record<ValueKind, string>> = {
    text: `ifNull(${value}, '')`,
    number: `ifNull(${value}, toFloat64(0))`,
    boolean: `toUInt8(ifNull(${value}, false))`,
    time: `ifNull(${value}, ${none.time})`,
    list: value,
  }
  const of = (column: ValueKind) => (column === kind ? own[column] : none[column])
  const shown = kind === 'list' ? quoteString(kind) : `if(isNull(${value}), 'null', ${quoteString(kind)})`
  return `(${[quoteString(name), `toUInt8(${says})`, ts, shown, of('text'), of('number'), of('boolean'), of('time'), of('list')].join(', ')})`
}
