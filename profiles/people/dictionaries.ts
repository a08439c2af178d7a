/**
 * Two dictionaries in ClickHouse's memory say who is who: `cdp.profile_of` (node → profile) and `cdp.record_of` (profile →
 * the load that wrote its trait values). Events and trait values name nodes and loads and are never rewritten; a merge, a
 * split or a new golden record takes effect when the dictionary is loaded again, for all queries at once.
 */
import type { Warehouse } from '../../warehouse/client.js'
import { selectRows } from '../../warehouse/query.js'
import { quoteString } from '../../warehouse/types/identifiers.js'

/** The server reads its own tables as this user. @default the server's default user */
export interface DictionaryUser {
  readonly username: string
  readonly password: string
}

/** More nodes than a dense UInt32 array is worth keeping in memory for. */
const MAX_NODES = 1_000_000_000

interface Dictionary {
  readonly name: string
  readonly columns: string
  readonly key: string
  readonly query: string
}

/**
 * In the order of the table from its end: nothing of it is kept in memory but what is in hand, and the highest key comes
 * first. A flat array that grows with every key takes ten times as long to fill.
 */
const newestOf = (table: string, key: string, value: string): string =>
  `SELECT ${key}, ${value} FROM cdp.${table} ORDER BY ${key} DESC, version DESC LIMIT 1 BY ${key}`

/** Raise it with a change of what is below: dictionaries of an earlier release are made anew. */
const DEFINITION = 'definition 2'

const PROFILE_OF: Dictionary = {
  name: 'profile_of',
  columns: 'node UInt64, profile UInt32',
  key: 'node',
  query: newestOf('node_profiles', 'node', 'profile'),
}

const RECORD_OF: Dictionary = {
  name: 'record_of',
  columns: 'profile UInt64, load_id UInt64',
  key: 'profile',
  query: newestOf('records', 'profile', '_load_id AS load_id'),
}

/** Creates both where they are missing. Idempotent. */
export async function createDictionaries(warehouse: Warehouse, user?: DictionaryUser): Promise<void> {
  for (const dictionary of [PROFILE_OF, RECORD_OF]) {
    await warehouse.command({ query: createDictionary('CREATE DICTIONARY IF NOT EXISTS', dictionary, user) })
  }
}

/**
 * Makes both what the ledger says: created by this release, read as this user, loaded since the newest acceptance. What was
 * accepted by a refresh that ended in that moment, or by a user whose password has changed, is mended here. Idempotent.
 */
export async function prepareDictionaries(warehouse: Warehouse, user?: DictionaryUser): Promise<void> {
  await createDictionaries(warehouse, user)
  const unfit = await selectRows<{ name: string; broken: number }>(
    warehouse,
    `WITH accepted AS (
       SELECT if(stream = 'identity', 'profile_of', 'record_of') AS name, max(at) AS newest
       FROM tributary.loads WHERE source = 'cdp' AND event = 'accepted' AND stream IN ('identity', 'traits') GROUP BY name)
     SELECT name, loaded.last_exception != '' OR loaded.comment != '${DEFINITION}' AS broken
     FROM system.dictionaries AS loaded LEFT JOIN accepted USING (name)
     WHERE loaded.database = 'cdp' AND name IN ('profile_of', 'record_of')
       AND (broken OR loaded.status != 'NOT_LOADED' AND loaded.last_successful_update_time <= accepted.newest)`,
  )
  for (const { name, broken } of unfit) {
    const dictionary = name === PROFILE_OF.name ? PROFILE_OF : RECORD_OF
    if (broken) {
      await warehouse.command({ query: createDictionary('CREATE OR REPLACE DICTIONARY', dictionary, user) })
    }
    await warehouse.command({ query: `SYSTEM RELOAD DICTIONARY cdp.${dictionary.name}` })
  }
}

/** Makes the newest accepted identity what every query sees. Idempotent. */
export async function reloadProfileOf(warehouse: Warehouse): Promise<void> {
  await warehouse.command({ query: 'SYSTEM RELOAD DICTIONARY cdp.profile_of' })
}

/** Makes the newest accepted trait values what every query sees. Idempotent. */
export async function reloadRecordOf(warehouse: Warehouse): Promise<void> {
  await warehouse.command({ query: 'SYSTEM RELOAD DICTIONARY cdp.record_of' })
}

/** SQL: the profile of a node. UInt32. */
export type ProfileOf = (node: string) => string

/** As it is published: a node itself where nothing was ever joined to it. */
export const profileOf: ProfileOf = (node) =>
  `dictGetOrDefault('cdp.profile_of', 'profile', toUInt64(${node}), toUInt32(${node}))`

/** SQL: true for the rows of `cdp.trait_values__rows` that are the profile of their person now. */
export const IS_CURRENT_VALUE = `_load_id = dictGetOrDefault('cdp.record_of', 'load_id', toUInt64(profile), toUInt64(0))`

function createDictionary(
  verb: string,
  { name, columns, key, query }: Dictionary,
  user: DictionaryUser | undefined,
): string {
  const as = user ? `USER ${quoteString(user.username)} PASSWORD ${quoteString(user.password)} ` : ''
  return `${verb} cdp.${name} (${columns}) PRIMARY KEY ${key}
    SOURCE(CLICKHOUSE(${as}QUERY ${quoteString(query)}))
    LAYOUT(FLAT(INITIAL_ARRAY_SIZE 65536 MAX_ARRAY_SIZE ${MAX_NODES})) LIFETIME(0) COMMENT '${DEFINITION}'`
}
