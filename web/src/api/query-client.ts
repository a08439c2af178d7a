/** What was read is kept and shown while it is read again; what cannot be reached is asked again once the server is back. */
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { ApiError, isUnreachable } from './api-error.js'
import { reportLost, suspectLost } from './connection.js'

/** The query that holds who reads the page. */
export const SESSION_KEY = ['session'] as const

/** What that query holds once the session ended by itself: whoever comes back goes on where they were. */
export const IDLE = 'idle'

/** The page's one cache. A refusal for want of a session shows the sign-in page, wherever it came from. */
export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: notice }),
  mutationCache: new MutationCache({ onError: notice }),
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // A read that found no server waits until it is back; anything else was an answer.
      retry: (count, error) => isUnreachable(error) && count < 3,
      refetchOnWindowFocus: true,
    },
    mutations: { retry: false },
  },
})

function notice(error: unknown): void {
  if (isUnreachable(error)) reportLost()
  // It answers that something behind it does not: where that is its data, nothing can be read.
  else if (error instanceof ApiError && error.status === 503) void suspectLost()
  const over = sessionOver(error)
  if (over !== undefined) queryClient.setQueryData(SESSION_KEY, over)
}

let endsAtMs = Number.POSITIVE_INFINITY

/** Called with each session: how long it lasts at most. After that a browser has no cookie that would say why it is over. */
export function noteSessionEnd(leftMs: number | null): void {
  endsAtMs = leftMs === null ? Number.POSITIVE_INFINITY : Date.now() + leftMs
}

/** What a refusal says of the session: that it ended by itself, or that there is none; undefined: nothing. */
export function sessionOver(error: unknown): typeof IDLE | null | undefined {
  if (!(error instanceof ApiError) || error.status !== 401) return undefined
  return error.name === 'SessionIdle' || Date.now() >= endsAtMs ? IDLE : null
}
