/**
 * The golden record: which of the statements about a person's trait is believed. One query per rule over all its traits;
 * the outcome depends on the statements alone, never on the order in which they arrived.
 */
import type { TraitRule, TraitsFile } from '@tributary/schemas'
import { quoteString } from '../../warehouse/types/identifiers.js'
import { listValue, VALUE, valueRows } from './trait-value.js'

/** Total: a row of a mapping makes one statement of a trait. */
const ORDER = 'tuple(ts, received_at, row, toString(mapping))'

type RuleName = Exclude<NonNullable<TraitRule['rule']>, object>

/** What is believed of a trait. */
export type Belief = RuleName | { readonly source_priority: readonly string[] }

/** The rule of a trait. @default latest */
export function beliefOf({ rule, source_priority }: TraitRule = {}): Belief {
  return source_priority ? { source_priority } : (rule ?? 'latest')
}

/** Queries that together give every mapped trait of every profile once: rows of `cdp.trait_values__rows` without load. */
export function goldenRecordQueries(
  { traits = {}, computed = {} }: TraitsFile,
  statements: (condition: string) => string,
): readonly string[] {
  const byBelief = new Map<string, string[]>()
  for (const [trait, rule] of Object.entries(traits)) {
    const belief = JSON.stringify(beliefOf(rule))
    if (belief === '"latest"' || trait in computed) continue
    byBelief.set(belief, [...(byBelief.get(belief) ?? []), trait])
  }
  const others = [...[...byBelief.values()].flat(), ...Object.keys(computed)]
  return [
    winnersOf('latest', statements(others.length === 0 ? '1' : `trait NOT IN (${literals(others)})`)),
    ...[...byBelief].map(([belief, names]) =>
      winnersOf(JSON.parse(belief), statements(`trait IN (${literals(names)})`)),
    ),
  ].map(valueRows)
}

function winnersOf(belief: Belief, statements: string): string {
  if (typeof belief === 'object') return bySource(belief.source_priority, statements)
  return WINNERS[belief](statements)
}

const winners = (winner: string, statements: string, condition = '1') =>
  `SELECT trait, profile, ${winner} AS winner FROM (${statements}) WHERE ${condition} GROUP BY trait, profile`

const WINNERS: Readonly<Record<RuleName, (statements: string) => string>> = {
  latest: (statements) => winners(`argMax(${VALUE}, ${ORDER})`, statements),
  first: (statements) => winners(`argMin(${VALUE}, ${ORDER})`, statements, "kind != 'null'"),
  max: (statements) => extreme('number', 'toUnixTimestamp64Milli(time)', statements),
  min: (statements) => extreme('-number', '-toUnixTimestamp64Milli(time)', statements),
  union: (statements) => {
    const items = "arraySort(groupUniqArrayArray(if(kind = 'text', [text], list)))"
    const newest = `argMax(tuple(toString(source), ts), ${ORDER})`
    return winners(listValue(items, `${newest}.1`, `${newest}.2`), statements, "kind IN ('text', 'list')")
  },
  most_frequent: (statements) => {
    const values = `SELECT trait, profile, count() AS times, max(${ORDER}) AS newest, argMax(${VALUE}, ${ORDER}) AS value
      FROM (SELECT * REPLACE (number + 0 AS number) FROM (${statements}))
      WHERE kind != 'null' GROUP BY trait, profile, kind, text, number, boolean, time, list`
    return winners('argMax(value, tuple(times, newest))', values)
  },
}

/** Of numbers and times, those of the newest one's kind; of equals the newest. */
function extreme(number: string, time: string, statements: string): string {
  const best = (kind: string, value: string) =>
    `argMaxIf(${VALUE}, tuple(${value}, ${ORDER}), kind = '${kind}')`
  return winners(
    `if(argMax(toString(kind), ${ORDER}) = 'number', ${best('number', number)}, ${best('time', time)})`,
    statements,
    "kind IN ('number', 'time')",
  )
}

/** A listed source's null says that it has no value; among the others the newest statement decides. */
function bySource(sources: readonly string[], statements: string): string {
  const rank = `indexOf([${literals(sources)}], toString(source))`
  return winners(
    `argMax(${VALUE}, tuple(if(${rank} = 0, -${sources.length + 1}, -toInt64(${rank})), ${ORDER}))`,
    statements,
    `kind != 'null' OR ${rank} = 0`,
  )
}

const literals = (texts: readonly string[]): string => texts.map(quoteString).join(', ')
