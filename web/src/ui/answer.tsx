/** A read on show: its shape while it is read, its refusal with a way to try again, and what it gave. */
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ErrorState } from './error-state.js'
import { Loading } from './loading.js'

interface AnswerProps<T> {
  readonly of: UseQueryResult<T>
  /** What is read, as a phrase: "the segments". */
  readonly what: string
  /** In place of the usual lines while it is read. */
  readonly loading?: ReactNode
  readonly children: (data: T) => ReactNode
}

/** `<Answer of={useRead('/api/v1/segments')} what="the segments">{(segments) => …}</Answer>` */
export function Answer<T>({ of, what, loading, children }: AnswerProps<T>) {
  if (of.data !== undefined) return children(of.data)
  if (of.error !== null)
    return <ErrorState error={of.error} title={`Could not read ${what}`} retry={() => void of.refetch()} />
  return loading ?? <Loading what={`Reading ${what}`} />
}
