/** What a test of a connection said: that it works, or the reason and what to do. */
import { Alert, List, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import { formatDuration } from '../../../ui/format.js'
import { sentenceOf, splitError } from '../../../ui/words.js'
import type { ConnectorCheck } from '../api.js'

/** Heard by readers of a screen as soon as it is there. */
export function CheckResult({ check }: { readonly check: ConnectorCheck }) {
  const { what, remedy } = splitError(check.message)
  return (
    <Alert
      variant="default"
      color={check.ok ? 'green' : 'red'}
      role={check.ok ? 'status' : 'alert'}
      icon={check.ok ? <IconCircleCheck aria-hidden /> : <IconAlertTriangle aria-hidden />}
      title={check.ok ? 'The connection works' : 'The connection does not work'}
    >
      <Stack gap={4}>
        <Text>{sentenceOf(what)}</Text>
        {remedy !== undefined && <Text fw={550}>{sentenceOf(remedy)}</Text>}
        {check.warnings !== undefined && check.warnings.length > 0 && (
          <List size="sm">
            {check.warnings.map((warning) => (
              <List.Item key={warning}>{sentenceOf(warning)}</List.Item>
            ))}
          </List>
        )}
        <Text c="dimmed" size="sm">
          {check.by === 'worker'
            ? `Asked from where data is read, in ${formatDuration(check.seconds)}.`
            : `Asked from the server, as no worker runs, in ${formatDuration(check.seconds)}.`}
        </Text>
      </Stack>
    </Alert>
  )
}
