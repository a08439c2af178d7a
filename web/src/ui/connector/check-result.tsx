/** What a test of a connection said: that it works and where it led, or the reason and what to do. */
import { Alert, List, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import { formatDuration } from '../format.js'
import { sentenceOf, splitError } from '../words.js'
import type { ConnectorCheck } from './api.js'
import { type Fact, refusedHost } from './facts.js'
import { PrivateAddress } from './private-address.js'

interface CheckResultProps {
  readonly check: ConnectorCheck
  readonly kind: 'source' | 'destination'
  /** What was tried: address, database, account. */
  readonly facts?: readonly Fact[]
}

/** Heard by readers of a screen as soon as it is there. */
export function CheckResult({ check, kind, facts = [] }: CheckResultProps) {
  const { what, remedy } = splitError(check.message)
  const host = check.ok ? undefined : refusedHost(check.message)
  return (
    <Alert
      variant="default"
      color={check.ok ? 'green' : 'red'}
      role={check.ok ? 'status' : 'alert'}
      icon={check.ok ? <IconCircleCheck aria-hidden /> : <IconAlertTriangle aria-hidden />}
      title={check.ok ? 'The connection works' : 'The connection does not work'}
      // A long line of code scrolls in its place.
      styles={{ body: { minWidth: 0 } }}
    >
      <Stack gap={4}>
        {host !== undefined ? (
          <PrivateAddress host={host} facts={facts} />
        ) : (
          <>
            <Text>{sentenceOf(what)}</Text>
            {remedy !== undefined && <Text fw={550}>{sentenceOf(remedy)}</Text>}
          </>
        )}
        {host === undefined && facts.length > 0 && (
          <List size="sm" aria-label="What was tried">
            {facts.map(({ title, value }) => (
              <List.Item key={title}>
                {title}:{' '}
                <Text span fw={550} inherit style={{ overflowWrap: 'anywhere' }}>
                  {value}
                </Text>
              </List.Item>
            ))}
          </List>
        )}
        {check.warnings !== undefined && check.warnings.length > 0 && (
          <List size="sm">
            {check.warnings.map((warning) => (
              <List.Item key={warning}>{sentenceOf(warning)}</List.Item>
            ))}
          </List>
        )}
        <Text c="dimmed" size="sm">
          {check.by === 'worker'
            ? `Tested on the machine on which data is ${VERB[kind]}, in ${formatDuration(check.seconds)}.`
            : `Tested on the server, as no worker runs, in ${formatDuration(check.seconds)}.`}
        </Text>
      </Stack>
    </Alert>
  )
}

const VERB = { source: 'read', destination: 'sent' } as const
