/** Reading the API in a component. */
import {
  keepPreviousData,
  type QueryKey,
  type UseQueryResult,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { useCallback } from 'react'
import { api, take } from './client.js'
import type { Data, Input, PathsWith } from './typed.js'

/** A path that can be read. */
export type ReadPath = PathsWith<'get'>

/** Parameters of a read, and what it answers. */
export type ReadInit<P extends ReadPath> = Input<P, 'get'>
export type ReadData<P extends ReadPath> = Data<P, 'get'>

/** Parameters may be left out only where the path needs none. */
type ReadArguments<P extends ReadPath> =
  object extends ReadInit<P>
    ? readonly [init?: ReadInit<P>, options?: ReadOptions]
    : readonly [init: ReadInit<P>, options?: ReadOptions]

interface ReadOptions {
  /** False: not yet. @default true */
  readonly enabled?: boolean
  /** Reads again this often. */
  readonly everyMs?: number
  /** Shows the last answer while the next one is read, so that a list does not flicker as its search is typed. */
  readonly keepPrevious?: boolean
}

/** The key under which a read is kept. */
export function readKey(path: ReadPath, init?: unknown): QueryKey {
  return init === undefined ? [path] : [path, init]
}

/**
 * What a path answers, kept and read again by itself: `useRead('/api/v1/segments/{id}', { params: { path: { id } } })`.
 * The request is cancelled when its reader leaves.
 */
export function useRead<P extends ReadPath>(
  path: P,
  ...[init, options = {}]: ReadArguments<P>
): UseQueryResult<ReadData<P>> {
  return useQuery({
    queryKey: readKey(path, init),
    queryFn: ({ signal }) => read(path, init, signal),
    enabled: options.enabled ?? true,
    ...(options.everyMs === undefined ? {} : { refetchInterval: options.everyMs }),
    ...(options.keepPrevious ? { placeholderData: keepPreviousData } : {}),
  }) as UseQueryResult<ReadData<P>>
}

/** Marks every kept read of these paths (and of paths below them) as old: those on show are read again at once. */
export function useForget(): (...prefixes: readonly string[]) => Promise<void> {
  const client = useQueryClient()
  return useCallback(
    (...prefixes) =>
      client.invalidateQueries({
        predicate: ({ queryKey: [path] }) =>
          typeof path === 'string' && prefixes.some((prefix) => path.startsWith(prefix)),
      }),
    [client],
  )
}

async function read<P extends ReadPath>(path: P, init: ReadInit<P> | undefined, signal: AbortSignal) {
  // Callers are held to what the path needs above.
  const get = api.GET as unknown as (path: P, init: object) => Promise<{ data?: ReadData<P> }>
  return take(get(path, { ...init, signal }))
}
