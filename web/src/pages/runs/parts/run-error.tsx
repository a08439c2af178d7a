/** Why a run did not end well, and what to do. */
import { Alert, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { sayEnding } from '../model/run-words.js'

interface RunErrorProps {
  readonly outcome: string
  readonly error: string
}

/** The sentence, with what to do in its own line. */
export function RunError({ outcome, error }: RunErrorProps) {
  const { title, color, what, remedy } = sayEnding(outcome, error)
  return (
    <Alert variant="default" color={color} icon={<IconAlertTriangle aria-hidden />} title={title}>
      <Stack gap={4}>
        <Text>{what}</Text>
        {remedy !== undefined && <Text fw={550}>{remedy}</Text>}
      </Stack>
    </Alert>
  )
}
