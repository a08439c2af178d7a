/** What is open stays open: a file that somebody breaks meanwhile takes nobody's work with it. */
import type { UseQueryResult } from '@tanstack/react-query'
import { useRef } from 'react'

/** A file as the API reads it; a definition of null: it has errors. */
interface Readable {
  readonly definition: unknown
}

/**
 * The read, with what could be read last in the place of a file that has errors now. Saving says that it has.
 * @param id of what is read: another one is opened anew
 */
export function useOpened<Document extends Readable>(
  id: string,
  read: UseQueryResult<Document>,
): UseQueryResult<Document> {
  const opened = useRef<{ readonly id: string; readonly document: Document }>(undefined)
  if (read.data !== undefined && read.data.definition !== null) opened.current = { id, document: read.data }
  const last = opened.current
  if (read.data === undefined || last === undefined || last.id !== id) return read
  return { ...read, data: last.document } as UseQueryResult<Document>
}
