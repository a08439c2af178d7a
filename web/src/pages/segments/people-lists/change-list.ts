/** Putting people on a list and taking them off. It takes effect in segments with the refresh that it asks for. */
import { api, take } from '../../../api/client.js'
import type { ListChanged } from '../api.js'

/** Identifiers of one type. */
export interface ListChange {
  readonly list: string
  readonly type: string
  readonly values: readonly string[]
}

/** @throws ApiError */
export function addToList({ list, type, values }: ListChange): Promise<ListChanged> {
  return take(
    api.POST('/api/v1/lists/{list}/add', { params: { path: { list } }, body: { type, values: [...values] } }),
  )
}

/** @throws ApiError */
export function removeFromList({ list, type, values }: ListChange): Promise<ListChanged> {
  return take(
    api.POST('/api/v1/lists/{list}/remove', {
      params: { path: { list } },
      body: { type, values: [...values] },
    }),
  )
}

/** Values that somebody pasted: a line each, or a cell each; every one once. */
export function pastedValues(text: string): readonly string[] {
  const values = text.split(/[\n\r\t;,]+/).map((value) => value.trim().replace(/^"(.*)"$/, '$1'))
  return [...new Set(values.filter((value) => value !== ''))]
}
