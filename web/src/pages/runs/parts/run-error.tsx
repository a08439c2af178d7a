/** Why a run failed, and what to do. */
import { Alert, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { sentenceOf, splitError } from '../../../ui/words.js'

/** The sentence, with what to do in its own line. */
export function RunError({ error, partly = false }: { readonly error: string; readonly partly?: boolean }) {
  const { what, remedy } = splitError(error)
  return (
    <Alert
      variant="default"
      color={partly ? 'yellow' : 'red'}
      icon={<IconAlertTriangle aria-hidden />}
      title={partly ? 'Something was left out' : 'It failed'}
    >
      <Stack gap={4}>
        <Text>{sentenceOf(what)}</Text>
        {remedy !== undefined && <Text fw={550}>{sentenceOf(remedy)}</Text>}
      </Stack>
    </Alert>
  )
}
