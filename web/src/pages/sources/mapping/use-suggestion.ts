/** The server's proposal for a stream, asked for once. */
import { useQuery } from '@tanstack/react-query'
import { api, take } from '../../../api/client.js'

/** @param enabled false for those who may not map anything */
export function useSuggestion(stream: string, enabled: boolean) {
  return useQuery({
    queryKey: ['mapping suggestion', stream],
    queryFn: ({ signal }) => take(api.POST('/api/v1/mappings/suggest', { body: { stream }, signal })),
    enabled,
    staleTime: Number.POSITIVE_INFINITY,
  })
}

/** What {@link useSuggestion} gives. */
export type SuggestionQuery = ReturnType<typeof useSuggestion>
