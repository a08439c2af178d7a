/**
 * What rows say now against what the mapping's facts say of them: rows that say the same write nothing, so that a stream
 * that is read again as a whole is no news. A time that is only that of the extraction does not count as a difference.
 */
import { quoteIdentifier, quoteString } from '../../warehouse/types/identifiers.js'
import { factNodes } from '../facts/nodes.js'
import { PROPERTY_TYPES, VALUE_KINDS } from '../facts/values.js'
import type { StepTarget } from '../steps/derived-load.js'
import { type MappingPlan, RECEIVED, ROW } from './plan-mapping.js'
import { PERSON } from './resolve-nodes.js'
import type { WorkTables } from './work-tables.js'
import { FACT, linked, traitFact } from './write-facts.js'

const DIGEST = quoteIdentifier(':digest')

/** Resolves to a table of the rows that differ: `row`, `had` (facts before) and `has` (facts now). */
export function compareFacts(
  work: WorkTables,
  plan: MappingPlan,
  {
    resolved,
    visible,
    rows,
  }: {
    readonly resolved: string
    /** Condition on the facts that hold before. */
    readonly visible: string
    /** SELECT of the rows that were looked at; all where undefined. */
    readonly rows: string | undefined
  },
): Promise<string> {
  const before = `mapping = ${quoteString(plan.mapping)} AND ${visible}${rows === undefined ? '' : ` AND row IN (${rows})`}`
  return work.create(
    'changes',
    `SELECT ${ROW} AS row, sum(is_new = 0) > 0 AS had, sum(is_new) > 0 AS has
     FROM (
       SELECT ${ROW}, ${DIGEST}, toUInt8(1) AS is_new FROM (${newDigests(plan, resolved).join(' UNION ALL ')})
       UNION ALL
       SELECT ${ROW}, ${DIGEST}, toUInt8(0) AS is_new FROM (${oldDigests(plan, before).join(' UNION ALL ')})
     )
     GROUP BY ${ROW}
     HAVING sum(if(is_new = 1, ${DIGEST}, 0)) != sum(if(is_new = 0, ${DIGEST}, 0))`,
  )
}

/** Notes, under the attempt's load, that older facts of rows no longer hold, and whom they were about. */
export async function retractFacts(
  work: WorkTables,
  plan: MappingPlan,
  target: StepTarget,
  visible: string,
  changes: string,
): Promise<void> {
  const before = `mapping = ${quoteString(plan.mapping)} AND ${visible}
    AND row IN (SELECT row FROM ${changes} WHERE had)`
  const nodes = factNodes(() => before, ['row'])
  await work.run(
    `INSERT INTO cdp.retracted__rows (mapping, row, node, _load_id, _generation)
     SELECT ${quoteString(plan.mapping)}, row, node, ${target.loadId}, ${target.generation}
     FROM (${nodes.join(' UNION ALL ')}) GROUP BY row, node`,
  )
}

/** Of a trait fact as it is stored; `traitParts` gives the same of one that `traitFact` made. */
const TRAIT_COLUMNS = ['toString(trait)', changingTime('ts', 'received_at'), 'toString(kind)', ...VALUE_KINDS]

const traitParts = (): string[] => [
  `${FACT}.1`,
  changingTime(`${FACT}.3`, RECEIVED),
  ...['4', '5', '6', '7', '8', '9'].map((part) => `${FACT}.${part}`),
]

function newDigests(plan: MappingPlan, resolved: string): string[] {
  const properties = propertiesByEvent(plan)
  return [
    ...plan.events.map(({ name, when, ts, properties: own }) => {
      const values = [...properties.get(name)!].map(([column, type]) => {
        const property = own.find((candidate) => candidate.column === column)
        return `CAST(${property?.sql ?? (type.startsWith('Array') ? '[]' : 'NULL')}, ${quoteString(type)})`
      })
      const fixed = [quoteString(name), plan.messageId, PERSON, changingTime(ts, RECEIVED)]
      return `SELECT ${ROW}, ${digest([...fixed, ...values])} AS ${DIGEST} FROM ${resolved} WHERE ${when}`
    }),
    ...(plan.traits.length === 0
      ? []
      : [
          `SELECT ${ROW}, ${digest([PERSON, ...traitParts()])} AS ${DIGEST}
           FROM (SELECT ${ROW}, ${RECEIVED}, ${PERSON}, arrayJoin([${plan.traits.map(traitFact).join(', ')}]) AS ${FACT} FROM ${resolved})
           WHERE ${FACT}.2`,
        ]),
    `SELECT ${ROW}, ${digest([PERSON, `arrayJoin(${linked(plan)})`])} AS ${DIGEST} FROM ${resolved}`,
  ]
}

function oldDigests(plan: MappingPlan, before: string): string[] {
  return [
    ...[...propertiesByEvent(plan)].map(([name, properties]) => {
      const fixed = ['toString(event)', 'message_id', 'node', changingTime('ts', 'received_at')]
      const values = [...properties.keys()].map(quoteIdentifier)
      return `SELECT row AS ${ROW}, ${digest([...fixed, ...values])} AS ${DIGEST} FROM cdp.events__rows
        WHERE ${before} AND event = ${quoteString(name)}`
    }),
    `SELECT row AS ${ROW}, ${digest(['node', ...TRAIT_COLUMNS])} AS ${DIGEST}
     FROM cdp.trait_facts__rows WHERE ${before}`,
    `SELECT row AS ${ROW}, ${digest(['node_a', 'node_b'])} AS ${DIGEST} FROM cdp.links__rows WHERE ${before}`,
  ]
}

/** SQL of a time, nothing where it is only that of the extraction. */
function changingTime(ts: string, received: string): string {
  return `if(${ts} = ${received}, toInt64(0), toUnixTimestamp64Milli(${ts}))`
}

/** Types of the properties that events of a name have, by column. */
function propertiesByEvent({ events }: MappingPlan): Map<string, Map<string, string>> {
  const byName = new Map<string, Map<string, string>>()
  for (const { name, properties } of events) {
    const known = byName.get(name) ?? new Map<string, string>()
    for (const { column, kind } of properties) known.set(column, PROPERTY_TYPES[kind])
    byName.set(name, known)
  }
  return byName
}

const digest = (values: readonly string[]): string => `sipHash64(tuple(${values.join(', ')}))`
