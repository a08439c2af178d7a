/** `tributary list`: static lists of people, by their identifiers. */
import {
  addToList,
  type ListChangeResult,
  type ListEntry,
  type ListSummary,
  listLists,
  removeFromList,
  showList,
} from '../../profiles/segments/lists/lists.js'
import type { RefreshContext } from '../refresh.js'
import { type AskedRefresh, askRefresh } from './ask-refresh.js'
import { assertIdentifierType, nameHint, type PeopleContext, peopleWorkspace } from './published.js'

/** Nothing was ever put on such a list. */
export class ListUnknown extends Error {
  override readonly name = 'ListUnknown'
}

/** A name that nobody could read or type again. */
export class ListNameInvalid extends Error {
  override readonly name = 'ListNameInvalid'
}

/** Control characters, ends of lines, and what turns the direction of the text around it: they are not seen, or hide what is. */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u

/** Every list, by name. */
export async function showLists({ warehouse }: PeopleContext): Promise<readonly ListSummary[]> {
  return listLists(await warehouse())
}

export interface ShownList {
  readonly list: string
  /** All entries that it has. */
  readonly size: number
  /** By type and value. */
  readonly entries: readonly ListEntry[]
}

/** @throws ListUnknown with the nearest name. @default limit 1000 */
export async function showOneList(context: PeopleContext, list: string, limit = 1000): Promise<ShownList> {
  const warehouse = await context.warehouse()
  const known = await knownList(context, list)
  return { list, size: known.entries, entries: await showList(warehouse, list, { limit }) }
}

export interface ListChangeOptions {
  readonly type: string
  readonly values: readonly string[]
  /** Who does it, for the record. */
  readonly author: string
  /** Ask for a refresh at once, where anything changed. @default true */
  readonly refresh?: boolean
}

export interface ListChanged extends ListChangeResult {
  readonly list: string
  readonly refresh: AskedRefresh
}

/**
 * Puts people on a list or takes them off, as identity.yaml normalises what names them. Idempotent.
 * @throws ListNameInvalid, ListUnknown where there is nothing to take off, IdentifierUnknown, NothingMapped
 */
export async function changeList(
  context: RefreshContext,
  change: 'add' | 'remove',
  list: string,
  { type, values, author, refresh = true }: ListChangeOptions,
): Promise<ListChanged> {
  if (change === 'add') assertReadable(list)
  const { identity } = await peopleWorkspace(context, `changing the list ${list}`)
  assertIdentifierType(identity, type)
  if (change === 'remove') await knownList(context, list)
  const entries = values.map((value) => ({ type, value }))
  const apply = change === 'add' ? addToList : removeFromList
  const result = await apply(await context.warehouse(), identity, { list, entries, author })
  return { list, ...result, refresh: await askRefresh(context, refresh && result.changed > 0) }
}

function assertReadable(list: string): void {
  if (list.trim() === list && list !== '' && !UNSEEN.test(list)) return
  throw new ListNameInvalid(
    'naming a list: the name begins or ends with a space, or has characters that are not seen; type it anew',
  )
}

async function knownList(context: PeopleContext, list: string): Promise<ListSummary> {
  const lists = await showLists(context)
  const known = lists.find((other) => other.list === list)
  if (known) return known
  const names = lists.map((other) => other.list)
  throw new ListUnknown(
    `finding the list ${list}: nobody was ever on it; ${nameHint(list, names, 'put somebody on it with tributary list add')}`,
  )
}
