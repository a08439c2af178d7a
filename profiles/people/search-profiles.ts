/**
 * Finds people by what somebody types: identifiers that are it, identifiers that begin so, and traits that say so. Identifiers
 * are found in the order of their table; traits are looked through once, and not longer than they may be.
 */
import type { IdentityFile } from '@tributary/schemas'
import type { Warehouse } from '../../warehouse/client.js'
import { selectRow, selectRows } from '../../warehouse/query.js'
import { type FactsSnapshot, readSnapshot } from '../facts/snapshot.js'
import { type ExportedMember, readMembers } from '../segments/refresh/export-members.js'
import { publishedAt } from '../segments/refresh/published.js'
import { EVERYONE } from '../segments/refresh/sources.js'
import { IS_CURRENT_VALUE, profileOf } from './dictionaries.js'
import { exactForms, searchPrefixes, searchWords } from './search-forms.js'
import type { ShownValue } from './shown-value.js'

export interface SearchQuestion {
  readonly text: string
  readonly identity: IdentityFile
  /** A node that the text names as an id. */
  readonly node?: number
  readonly limit: number
  /** Find by whole identifiers and ids only. @default false */
  readonly wholeOnly?: boolean
  /** How long traits may be looked through. @default 250 */
  readonly maxTraitsMs?: number
  readonly signal?: AbortSignal
}

/** Why somebody was found. */
export interface Match {
  readonly kind: 'id' | 'identifier' | 'trait'
  /** Type of the identifier, or name of the trait. */
  readonly name: string
  readonly value: string
  /** False: it only begins so, or holds the words. */
  readonly exact: boolean
}

export interface FoundProfile extends ExportedMember {
  /** The best of its kind first. */
  readonly matches: readonly Match[]
}

export interface SearchResult {
  /** The best first: ids and identifiers that are it, then what begins so, then traits. */
  readonly people: readonly FoundProfile[]
  /** There may be more than these. */
  readonly more: boolean
}

/** People of whom nothing is known any more are not among them. */
export async function searchProfiles(warehouse: Warehouse, question: SearchQuestion): Promise<SearchResult> {
  const { limit, node, wholeOnly = false, signal } = question
  const words = wholeOnly ? [] : searchWords(question.text)
  const [{ snapshot, named }, byTraits, everyone, byId] = await Promise.all([
    readSnapshot(warehouse).then(async (of) => ({
      snapshot: of,
      named: await identifierMatches(warehouse, of, question),
    })),
    words.length === 0 ? NOBODY : profilesByTraits(warehouse, words, question),
    publishedAt(warehouse, EVERYONE),
    node === undefined ? [] : idMatch(warehouse, node),
  ])
  const found = new Map<number, Match[]>()
  for (const { profile, ...match } of [...byId, ...named.rows]) {
    const matches = found.get(profile) ?? []
    if (!matches.some(({ name, value }) => name === match.name && value === match.value)) matches.push(match)
    found.set(profile, matches)
  }
  for (const profile of byTraits.profiles) if (!found.has(profile)) found.set(profile, [])
  const candidates = [...found.keys()]
  const [living, members] = await Promise.all([
    everyone && livingAmong(warehouse, everyone.members, candidates),
    readMembers(warehouse, candidates, undefined, signal, snapshot),
  ])
  const people = members.flatMap((member, index): FoundProfile[] => {
    const profile = candidates[index]!
    if (living && !living.has(profile)) return []
    const matches = [...found.get(profile)!, ...matchingTraits(member.traits, words)]
    return [{ ...member, matches: matches.slice(0, MAX_MATCHES) }]
  })
  return {
    people: people.slice(0, limit),
    more: named.more || byTraits.more || people.length > limit,
  }
}

/** More reasons for one person say nothing more. */
const MAX_MATCHES = 5

type Row = Match & { readonly profile: number }

interface Rows {
  readonly rows: readonly Row[]
  readonly more: boolean
}

async function idMatch(warehouse: Warehouse, node: number): Promise<readonly Row[]> {
  const row = await selectRow<{ profile: number }>(
    warehouse,
    `SELECT ${profileOf('{node:UInt32}')} AS profile`,
    { node },
  )
  return [{ profile: row!.profile, kind: 'id', name: 'id', value: `p${node}`, exact: true }]
}

/** The normal forms are constants: each is read by its key, and what begins so is a range of the table's order. */
async function identifierMatches(
  warehouse: Warehouse,
  { loads }: FactsSnapshot,
  { text, identity, limit, wholeOnly = false, signal }: SearchQuestion,
): Promise<Rows> {
  const whole = Object.entries(exactForms(identity, text)).map(([type, form]) => ({ type, ...form }))
  const beginnings = wholeOnly ? [] : Object.entries(searchPrefixes(identity, text))
  const ranges = beginnings.flatMap(([type, prefixes]) => prefixes.map((prefix) => ({ type, prefix })))
  const select = (
    exact: boolean,
    condition: string,
  ) => `(SELECT ${profileOf('node')} AS profile, type AS name, value,
      ${exact} AS exact FROM cdp.nodes__rows WHERE ${loads} AND ${condition}
      ORDER BY type, value LIMIT {limit:UInt32})`
  const parts = [
    ...whole.map(({ sql }, at) =>
      select(true, `type = {whole${at}:String} AND value = ${sql(`form${at}`)} AND value != ''`),
    ),
    ...ranges.map((_, at) =>
      select(false, `type = {type${at}:String} AND startsWith(value, {prefix${at}:String})`),
    ),
  ]
  if (parts.length === 0) return { rows: [], more: false }
  const params = [
    ...whole.flatMap(({ type, text: form }, at) => [
      [`whole${at}`, type],
      [`form${at}`, form],
    ]),
    ...ranges.flatMap(({ type, prefix }, at) => [
      [`type${at}`, type],
      [`prefix${at}`, prefix],
    ]),
  ]
  const rows = await selectRows<Omit<Row, 'kind'>>(
    warehouse,
    parts.join(' UNION ALL '),
    { limit: limit + 1, ...Object.fromEntries(params) },
    signal,
  )
  const sorted = rows
    .map((row): Row => ({ ...row, kind: 'identifier' }))
    .sort(
      (a, b) =>
        Number(b.exact) - Number(a.exact) || a.value.length - b.value.length || (a.value < b.value ? -1 : 1),
    )
  return { rows: sorted, more: rows.filter(({ exact }) => !exact).length > limit }
}

interface Profiles {
  readonly profiles: readonly number[]
  readonly more: boolean
}

const NOBODY: Profiles = { profiles: [], more: false }

/**
 * Whom some text speaks of with all of these words: texts that are all of it first, then those that begin so. One pass over
 * the texts that keeps bitmaps alone; where its time is over, it gives what it has found.
 */
async function profilesByTraits(
  warehouse: Warehouse,
  words: readonly string[],
  { limit, maxTraitsMs = 250, signal }: SearchQuestion,
): Promise<Profiles> {
  const at = words.map((_, index) => `positionCaseInsensitiveUTF8(text, {word${index}:String})`)
  const has = at.map((position) => `groupBitmapStateIf(profile, ${position} > 0)`)
  const all = has.reduce((one, other) => `bitmapAnd(${one}, ${other})`)
  const first = (bitmap: string) => `bitmapToArray(bitmapSubsetLimit(${bitmap}, 0, {limit:UInt32}))`
  const startedAt = performance.now()
  const result = await warehouse.query({
    query: `SELECT arrayDistinct(arrayConcat(${first('bitmapAnd(found, whole)')}, ${first('bitmapAnd(found, begins)')},
        ${first('found')})) AS profiles
      FROM (
        SELECT ${all} AS found, groupBitmapStateIf(profile, ${at[0]} = 1) AS begins,
          groupBitmapStateIf(profile, lowerUTF8(text) = {whole:String}) AS whole
        FROM cdp.trait_values__rows
        PREWHERE kind = 'text' AND (${at.map((position) => `${position} > 0`).join(' OR ')})
        WHERE ${IS_CURRENT_VALUE})`,
    query_params: {
      limit: limit + 1,
      whole: words.join(' ').toLowerCase(),
      ...Object.fromEntries(words.map((word, index) => [`word${index}`, word])),
    },
    format: 'JSONEachRow',
    ...(signal && { abort_signal: signal }),
    clickhouse_settings: {
      max_execution_time: maxTraitsMs / 1000,
      timeout_overflow_mode: 'break',
      cancel_http_readonly_queries_on_client_close: 1,
    },
  })
  const [row] = await result.json<{ profiles: number[] }>()
  const profiles = row?.profiles ?? []
  return {
    profiles: profiles.slice(0, limit + 1),
    more: profiles.length > limit || performance.now() - startedAt >= maxTraitsMs,
  }
}

/** Traits that hold one of the words, those first that are all of them. */
function matchingTraits(
  traits: Readonly<Record<string, ShownValue>>,
  words: readonly string[],
): readonly Match[] {
  const [whole, ...parts] = [words.join(' '), ...words].map((word) => word.toLowerCase())
  const matches = Object.entries(traits).flatMap(([name, value]): Match[] => {
    if (typeof value !== 'string') return []
    const text = value.toLowerCase()
    if (!parts.some((word) => text.includes(word))) return []
    return [{ kind: 'trait', name, value, exact: text === whole }]
  })
  return matches.sort((a, b) => Number(b.exact) - Number(a.exact))
}

/** Those of them about whom there is a fact, as the newest refresh knew. */
async function livingAmong(
  warehouse: Warehouse,
  members: string,
  profiles: readonly number[],
): Promise<ReadonlySet<number>> {
  if (profiles.length === 0) return new Set()
  const row = await selectRow<{ living: number[] }>(
    warehouse,
    `SELECT bitmapToArray(bitmapAnd(members, bitmapBuild({profiles:Array(UInt32)}))) AS living FROM ${members}`,
    { profiles },
  )
  return new Set(row!.living)
}
