/**
 * From a row's identifiers to nodes: they are normalised, blocked ones give none, and those that were never seen get
 * numbers. A row counts for the node of its highest identifier; the others are linked to it.
 */
import { quoteIdentifier, quoteString } from '../../warehouse/types/identifiers.js'
import type { FactsSnapshot } from '../facts/snapshot.js'
import { isBlocked, normalisedForm, ruleOf } from '../people/normalise.js'
import { knownPhoneNumbers, learnPhoneNumbers } from '../people/phone-numbers.js'
import { contentColumns, type MappingPlan, RECEIVED, ROW, rowTime } from './plan-mapping.js'
import type { WorkTables } from './work-tables.js'

/** The row's person, and its other nodes. */
export const PERSON = quoteIdentifier(':person')
export const OTHERS = quoteIdentifier(':others')

// A stream's columns may be called anything, but hardly so.
const [AT, VALUES, FOUND, KEY, NODE, SPELLING, E164] = [
  ':at',
  ':values',
  ':found',
  ':key',
  ':node',
  ':spelling',
  ':e164',
].map(quoteIdentifier)

/** Column of an identifier's normalised value; empty where the row has none or it is blocked. */
export const identifierColumn = (index: number): string => quoteIdentifier(`:value ${index}`)

/** Learns the spellings of phone numbers that rows have. Call it before `identified`. */
export async function learnPhonesOf(work: WorkTables, plan: MappingPlan, rows: string): Promise<void> {
  for (const { region, spellings } of phones(plan, rows)) {
    await learnPhoneNumbers(work.warehouse, region, spellings, work.signal)
  }
}

/** SELECT of rows with the normalised value of each identifier beside them. */
export function identified(plan: MappingPlan, rows: string): string {
  const known = phones(plan, rows)
  const columns = plan.identifiers.map(({ text, type }, index) => {
    const phone = known.find((candidate) => candidate.index === index)
    const form =
      phone === undefined
        ? normalisedForm(ruleOf(plan.identity.identifiers[type]!), text)
        : `phone_${index}.${E164}`
    return `if(${isBlocked(plan.identity, form)}, '', ${form}) AS ${identifierColumn(index)}`
  })
  const joins = known.map(
    ({ index, region, spellings, form }) =>
      `LEFT ANY JOIN (SELECT raw AS ${SPELLING}, e164 AS ${E164} FROM (${knownPhoneNumbers(region, spellings)})) AS phone_${index} ON ${form} = phone_${index}.${SPELLING}`,
  )
  return `SELECT mapped_rows.*, ${columns.join(', ')} FROM (${rows}) AS mapped_rows ${joins.join(' ')}`
}

interface Phone {
  readonly index: number
  readonly region: string
  readonly form: string
  readonly spellings: string
}

function phones(plan: MappingPlan, rows: string): Phone[] {
  return plan.identifiers.flatMap(({ type, text }, index) => {
    const identifier = plan.identity.identifiers[type]!
    if (ruleOf(identifier) !== 'phone') return []
    const form = normalisedForm('phone', text)
    return [
      {
        index,
        region: identifier.region ?? '',
        form,
        spellings: `SELECT ${SPELLING} AS raw FROM (SELECT ${form} AS ${SPELLING} FROM (${rows}))`,
      },
    ]
  })
}

/**
 * Gives numbers to identifiers that have none, under the attempt's load: dense, from the highest accepted one, earliest
 * first. Resolves to a table of `key` and `node` for all identifiers of the rows. No other load of nodes may be waiting
 * for its acceptance.
 */
export async function numberNodes(
  work: WorkTables,
  plan: MappingPlan,
  rows: string,
  accepted: FactsSnapshot,
): Promise<string> {
  const types = plan.identifiers.map(({ type }) => quoteString(type)).join(', ')
  const values = plan.identifiers.map((_, index) => identifierColumn(index)).join(', ')
  const seen = await work.create(
    'identifiers',
    `SELECT type, value, min(${AT}) AS first_seen FROM (
       SELECT ${rowTime(plan)} AS ${AT}, [${values}] AS ${VALUES} FROM (${identified(plan, rows)})
     ) ARRAY JOIN ${VALUES} AS value, [${types}] AS type
     WHERE value != '' GROUP BY type, value`,
  )
  const known = `SELECT type, value, node FROM cdp.nodes__rows
    WHERE ${accepted.loads} AND (type, value) IN (SELECT type, value FROM ${seen})`
  await work.run(
    `INSERT INTO cdp.nodes__rows (node, type, value, first_seen, _load_id)
     WITH (SELECT max(node) FROM cdp.nodes__rows WHERE ${accepted.loads}) AS highest
     SELECT highest + row_number() OVER (ORDER BY first_seen, indexOf([${types}], type), value), type, value, first_seen,
       {loadId:UInt64}
     FROM ${seen} WHERE (type, value) NOT IN (SELECT type, value FROM (${known}))`,
    { loadId: work.loadId },
  )
  return work.create(
    'nodes',
    `SELECT ${keyOf('type', 'value')} AS ${KEY}, node AS ${NODE} FROM (
       ${known} UNION ALL SELECT type, value, node FROM cdp.nodes__rows WHERE _load_id = {loadId:UInt64})`,
    { loadId: work.loadId },
  )
}

/** Copies the rows that are about somebody, with their nodes, into a table of the attempt. */
export function resolveRows(
  work: WorkTables,
  plan: MappingPlan,
  rows: string,
  nodes: string,
): Promise<string> {
  const indexes = plan.identifiers.map((_, index) => index)
  const joins = plan.identifiers.map(
    ({ type }, index) =>
      `LEFT ANY JOIN ${nodes} AS node_${index} ON ${keyOf(quoteString(type), identifierColumn(index))} = node_${index}.${KEY}`,
  )
  const own = [...contentColumns(plan), ROW, RECEIVED]
  return work.create(
    'resolved',
    `SELECT ${own.join(', ')}, ${FOUND}[1] AS ${PERSON}, arrayPopFront(${FOUND}) AS ${OTHERS}
     FROM (
       SELECT ${own.join(', ')}, arrayFilter(node -> node != 0, [${indexes.map((index) => `node_${index}.${NODE}`).join(', ')}]) AS ${FOUND}
       FROM (${identified(plan, rows)}) AS identified_rows ${joins.join(' ')})
     WHERE notEmpty(${FOUND})`,
  )
}

/** 128 bits stand for an identifier in joins: half the memory of its text, and no two alike in any real warehouse. */
const keyOf = (type: string, value: string): string =>
  `reinterpretAsUInt128(sipHash128(toString(${type}), ${value}))`
