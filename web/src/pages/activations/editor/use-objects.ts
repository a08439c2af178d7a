/** What a destination says can be written there. It is asked itself, so no more often than it has to be. */
import { useQuery } from '@tanstack/react-query'
import { api, take } from '../../../api/client.js'

/** @param destination its id; empty: none is chosen */
export function useObjects(destination: string) {
  return useQuery({
    queryKey: ['objects of a destination', destination],
    queryFn: ({ signal }) =>
      take(api.GET('/api/v1/destinations/{id}/objects', { params: { path: { id: destination } }, signal })),
    enabled: destination !== '',
    refetchOnWindowFocus: false,
    staleTime: 5 * 60_000,
    retry: false,
  })
}
