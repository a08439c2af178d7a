/** The query that finds who fulfils a definition, for whoever wants to see it. */
import { Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { api, take } from '../../api/client.js'
import { Answer } from '../../ui/answer.js'
import { CodeBlock } from '../../ui/code-block.js'

interface SqlBlockProps {
  /** Undefined: a new segment. */
  readonly id: string | undefined
  readonly definition: unknown
  /** False: there is no query for it yet. */
  readonly isComplete: boolean
}

/** Made by the server of what is on show; also of what is not saved. */
export function SqlBlock({ id, definition, isComplete }: SqlBlockProps) {
  const body = { definition, ...(id !== undefined && { id }) }
  const answer = useQuery({
    queryKey: ['/api/v1/segments/sql', body],
    queryFn: ({ signal }) => take(api.POST('/api/v1/segments/sql', { body, signal })),
    enabled: isComplete,
    retry: false,
  })
  if (!isComplete) return <Text c="dimmed">The query shows here once the segment is complete.</Text>
  return (
    <Answer of={answer} what="the query">
      {({ sql }) => (
        <Stack gap={6}>
          <CodeBlock label="The segment as SQL" text={sql} />
          <Text size="sm" c="dimmed">
            It asks the warehouse as of this moment; nobody has to run it. With a terminal:{' '}
            <code>tributary query</code>.
          </Text>
        </Stack>
      )}
    </Answer>
  )
}
