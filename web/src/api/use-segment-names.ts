/** What people call segments, where the API names them by their files. */
import { useCallback } from 'react'
import { useRead } from './hooks.js'

/** Gives the name of a segment; its id until that is read, and where there is none. */
export function useSegmentNames(): (id: string) => string {
  const segments = useRead('/api/v1/segments').data?.segments
  return useCallback((id) => segments?.find((segment) => segment.id === id)?.name ?? id, [segments])
}
