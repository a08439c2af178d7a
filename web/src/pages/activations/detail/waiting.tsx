/** The plan that waits: what it would do, and yes or no to exactly that. */
import { Button, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useForget, useRead } from '../../../api/hooks.js'
import { useCan } from '../../../app/session.js'
import { Answer } from '../../../ui/answer.js'
import { notifyDone, notifyFailed } from '../../../ui/notify.js'
import { focusHeading } from '../../../ui/page.js'
import { Section } from '../../../ui/section.js'
import { TimeText } from '../../../ui/texts.js'
import { decideOn } from '../api.js'
import { Counts } from './counts.js'
import { Guards } from './guards.js'
import { Sample } from './sample.js'

export function Waiting({ id }: { readonly id: string }) {
  const waiting = useRead('/api/v1/activations/{id}/waiting', { params: { path: { id } } })
  const allowed = useCan('marketer')
  const forget = useForget()
  const [deciding, setDeciding] = useState<'approve' | 'refuse'>()
  const decide = async (hash: string, approved: boolean) => {
    setDeciding(approved ? 'approve' : 'refuse')
    try {
      await decideOn(id, hash, approved)
      notifyDone(approved ? 'Approved: it is being sent.' : 'Refused: nothing of it is sent.')
      // The plan and its buttons go; what becomes of it is told beside the heading.
      focusHeading()
    } catch (error) {
      notifyFailed('Could not say this of the plan', error)
    } finally {
      setDeciding(undefined)
      await forget('/api/v1/activations')
    }
  }
  return (
    <Section title="Waits for your approval">
      <Answer of={waiting} what="the plan that waits">
        {({ plan, until, sample }) => (
          <Stack gap="md">
            <Guards plan={plan} />
            <Counts plan={plan} />
            <Sample sample={sample} />
            {allowed && (
              <Group gap="sm">
                <Button
                  loading={deciding === 'approve'}
                  disabled={deciding === 'refuse'}
                  onClick={() => void decide(plan.hash, true)}
                >
                  Approve this plan
                </Button>
                <Button
                  variant="default"
                  loading={deciding === 'refuse'}
                  disabled={deciding === 'approve'}
                  onClick={() => void decide(plan.hash, false)}
                >
                  Refuse
                </Button>
                <Text size="sm" c="dimmed">
                  Nothing is sent before somebody approves it
                  {until !== undefined && (
                    <>
                      ; it expires <TimeText at={until} />
                    </>
                  )}
                  .
                </Text>
              </Group>
            )}
          </Stack>
        )}
      </Answer>
    </Section>
  )
}
