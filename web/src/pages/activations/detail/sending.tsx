/** A run as it goes on. */
import { Anchor, Button, Group, Progress as ProgressBar, Stack, Text } from '@mantine/core'
import { Link } from 'react-router'
import { useCan } from '../../../app/session.js'
import { notifyFailed } from '../../../ui/notify.js'
import { Section } from '../../../ui/section.js'
import { NumberText, TimeText } from '../../../ui/texts.js'
import { cancelRun } from '../api.js'
import type { Progress } from './use-progress.js'

const PHASES: Readonly<Record<Progress['phase'], string>> = {
  planning: 'Compares the segment with what the tool holds',
  'waiting for approval': 'Waits for an approval',
  sending: 'Sends',
  sleeping: 'Waits for the tool to take more',
  finishing: 'Puts the new set in place',
  ended: 'Ended',
}

export function Sending({ id, progress }: { readonly id: string; readonly progress: Progress | undefined }) {
  const allowed = useCan('marketer')
  const { phase = 'planning', plan, until } = progress ?? {}
  const { batches = 0, acknowledged = 0, rejected = 0 } = progress?.progress ?? {}
  const share = plan === undefined || plan.batches === 0 ? 0 : (batches / plan.batches) * 100
  const cancel = () => cancelRun(id).catch((error) => notifyFailed('Could not end the run', error))
  return (
    <Section title="Running now">
      <Stack gap="xs" aria-live="polite">
        <Text>
          {PHASES[phase]}
          {until !== undefined && (
            <>
              {' '}
              until <TimeText at={until} as="exact" />
            </>
          )}
        </Text>
        {plan !== undefined && (
          <>
            <ProgressBar value={share} aria-label="Share of the batches that were sent" />
            <Text size="sm" c="dimmed">
              <NumberText value={acknowledged} /> of{' '}
              <NumberText value={plan.records} unit={['record', 'records']} /> taken,{' '}
              <NumberText value={rejected} /> rejected
            </Text>
          </>
        )}
        <Group>
          {allowed && (
            <Button variant="default" size="xs" onClick={() => void cancel()}>
              End it after this batch
            </Button>
          )}
          <Anchor component={Link} to={`/runs/${encodeURIComponent(`activate/${id}`)}`} size="sm">
            To the run
          </Anchor>
        </Group>
      </Stack>
    </Section>
  )
}
