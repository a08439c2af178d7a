/** The exact count under each edit: asked a moment after the last one, and the question before is given up. */
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { isTooMany } from '../../../api/api-error.js'
import { api, take } from '../../../api/client.js'
import type { DraftPreview, SegmentCheck } from '../api.js'
import type { Definition } from '../model/definition.js'

/** So long nothing may change before it is checked, which is cheap; only then it is counted, which is not. */
const PAUSE_MS = 120

/** Questions that were given up end a moment later at a warehouse with much to do. */
const TRY_AGAIN_MS = 1000
const MOST_TRIES = 5

/** People to show beside the count. */
const SAMPLE = 8

/** What the server says of a definition; without a preview where it has problems. */
export interface Judged {
  /** The definition that was judged, as text: a newer one may be on show. */
  readonly of: string
  readonly check: SegmentCheck
  readonly preview?: DraftPreview
}

interface PreviewOptions {
  /** False where there is nothing to ask yet: an empty group. */
  readonly isAskable: boolean
  /** False where nobody is known yet: it is checked, and not counted. */
  readonly isCountable: boolean
}

/** Checks and counts a definition. `data` is that of the newest answer while the next one is on its way. */
export function usePreview(
  id: string | undefined,
  definition: Definition,
  { isAskable, isCountable }: PreviewOptions,
) {
  const [text] = useDebouncedValue(JSON.stringify(definition), PAUSE_MS)
  const answer = useQuery({
    queryKey: ['/api/v1/segments/preview', id, text, isCountable],
    queryFn: ({ signal }) => judge(id, text, isCountable, signal),
    enabled: isAskable,
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
    staleTime: 60_000,
    gcTime: 60_000,
    retry: (count, error) => isTooMany(error) && count < MOST_TRIES,
    retryDelay: TRY_AGAIN_MS,
  })
  return { ...answer, isOld: answer.isFetching || answer.data?.of !== JSON.stringify(definition) }
}

async function judge(
  id: string | undefined,
  text: string,
  isCountable: boolean,
  signal: AbortSignal,
): Promise<Judged> {
  const body = { definition: JSON.parse(text) as unknown, ...(id !== undefined && { id }) }
  const check = await take(api.POST('/api/v1/segments/check', { body, signal }))
  if (!check.ok || !isCountable) return { of: text, check }
  const preview = await take(
    api.POST('/api/v1/segments/preview', { body: { ...body, sample: SAMPLE }, signal }),
  )
  return { of: text, check, preview }
}
