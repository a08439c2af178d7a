/** What the server says of the definition: asked a moment after the last edit, and the question before is given up. */
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api, take } from '../../../api/client.js'
import type { Definition } from '../model/definition.js'
import type { PlacedProblem } from '../model/gaps.js'

/** So long nothing may change before the server is asked. */
const PAUSE_MS = 250

export interface Checked {
  /** Of the newest answer, while the next one is on its way. */
  readonly problems: readonly PlacedProblem[]
  /** True: the newest definition was checked, and nothing is wrong with it. */
  readonly isSound: boolean
  readonly error: Error | null
}

/** @param isAskable false where so much is missing that there is nothing to ask */
export function useCheck(id: string | undefined, definition: Definition, isAskable: boolean): Checked {
  const now = JSON.stringify(definition)
  const [text] = useDebouncedValue(now, PAUSE_MS)
  const { data, error } = useQuery({
    queryKey: ['/api/v1/activations/check', id, text],
    queryFn: async ({ signal }) => {
      const body = { definition: JSON.parse(text) as unknown, ...(id !== undefined && { id }) }
      return { of: text, ...(await take(api.POST('/api/v1/activations/check', { body, signal }))) }
    },
    enabled: isAskable,
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
    staleTime: 10_000,
    retry: false,
  })
  if (!isAskable) return { problems: [], isSound: false, error: null }
  return { problems: data?.problems ?? [], isSound: data?.ok === true && data.of === now, error }
}
