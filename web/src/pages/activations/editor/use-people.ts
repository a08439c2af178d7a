/** What the definition makes of some real people: asked once it is sound, a moment after the last edit. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api, take } from '../../../api/client.js'
import type { Definition } from '../model/definition.js'

/** People to show. */
const SHOWN = 3

/** @param isSound true where the definition was checked as it is: nothing else can be asked about */
export function usePeople(id: string | undefined, definition: Definition, isSound: boolean) {
  const { segment, match, fields, consent } = definition
  return useQuery({
    queryKey: ['/api/v1/activations/preview', id, { segment, match, fields, consent }],
    queryFn: ({ signal }) =>
      take(
        api.POST('/api/v1/activations/preview', {
          body: { definition, limit: SHOWN, ...(id !== undefined && { id }) },
          signal,
        }),
      ),
    enabled: isSound,
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
    staleTime: 60_000,
    retry: false,
  })
}
