/** One run: what it planned and sent, and the way back. */
import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconArrowBackUp } from '@tabler/icons-react'
import { useState } from 'react'
import { useNavigate, useParams } from 'react-router'
import { useForget, useRead } from '../../../api/hooks.js'
import { useCan } from '../../../app/session.js'
import { Answer } from '../../../ui/answer.js'
import { notifyDone, notifyFailed } from '../../../ui/notify.js'
import { Page } from '../../../ui/page.js'
import { Section } from '../../../ui/section.js'
import { StatusBadge } from '../../../ui/status-badge.js'
import { DurationText, NumberText, TimeText } from '../../../ui/texts.js'
import { sentenceOf } from '../../../ui/words.js'
import { type ActivationReport, undoRun } from '../api.js'
import { activationPath } from '../paths.js'
import { Counts } from './counts.js'
import { Guards } from './guards.js'
import { Sample } from './sample.js'

export function RunPage() {
  const { id = '', run = '' } = useParams()
  const shown = useRead('/api/v1/activations/{id}/runs/{run}', { params: { path: { id, run } } })
  return (
    <Page
      key={run}
      title={`Run of ${id}`}
      above={[
        { title: 'Activations', to: '/activations' },
        { title: id, to: activationPath(id) },
      ]}
      mark={shown.data && <StatusBadge status={shown.data.report.outcome} />}
      actions={shown.data && <Undo report={shown.data.report} />}
    >
      <Answer of={shown} what="the run">
        {({ report, sample }) => (
          <Stack gap="lg">
            <Summary report={report} />
            {report.plan !== undefined && (
              <Section title={report.outcome === 'planned' ? 'What would be sent' : 'What was planned'}>
                <Stack gap="md">
                  <Guards plan={report.plan} />
                  <Counts plan={report.plan} />
                  {sample !== null && <Sample sample={sample} />}
                </Stack>
              </Section>
            )}
          </Stack>
        )}
      </Answer>
    </Page>
  )
}

function Summary({ report }: { readonly report: ActivationReport }) {
  const { startedAt, seconds, acknowledged, rejects, repeated, approval, error } = report
  return (
    <Stack gap="xs">
      <Text>
        Began <TimeText at={startedAt} as="exact" />, took <DurationText seconds={seconds} />:{' '}
        <NumberText value={acknowledged} unit={['record', 'records']} /> taken by the tool,{' '}
        <NumberText value={rejects} /> rejected.
      </Text>
      {approval !== undefined && (
        <Text>
          {approval.approved ? 'Approved' : 'Refused'} by {approval.by},{' '}
          <TimeText at={approval.at} as="exact" />
          {approval.note !== undefined && `: ${approval.note}`}.
        </Text>
      )}
      {repeated > 0 && (
        <Alert color="orange" variant="default" icon={<IconAlertTriangle aria-hidden />}>
          <NumberText value={repeated} unit={['batch', 'batches']} /> may have arrived twice: a worker was
          lost between sending and noting the answer.
        </Alert>
      )}
      {error !== undefined && (
        <Alert color="red" variant="default" icon={<IconAlertTriangle aria-hidden />} title="It failed">
          {sentenceOf(error.message)}
        </Alert>
      )}
    </Stack>
  )
}

/** Taking back is a run of its own: first what it would do, then the deed. */
function Undo({ report }: { readonly report: ActivationReport }) {
  const { activation, run, acknowledged, plan, reason } = report
  const allowed = useCan('marketer')
  const forget = useForget()
  const navigate = useNavigate()
  const [busy, setBusy] = useState<'plan' | 'undo'>()
  if (!allowed || acknowledged === 0 || plan === undefined || plan.undo === 'none') return null
  const start = async (what: 'plan' | 'undo') => {
    setBusy(what)
    try {
      await undoRun(activation, run, what === 'plan')
      notifyDone(
        what === 'plan'
          ? 'The dry run of taking it back begins.'
          : 'It is being taken back; the activation is paused then.',
      )
      await forget('/api/v1/activations')
      void navigate(activationPath(activation))
    } catch (error) {
      notifyFailed('Could not take it back', error)
    } finally {
      setBusy(undefined)
    }
  }
  return (
    <Group gap="xs">
      <Button variant="default" loading={busy === 'plan'} onClick={() => void start('plan')}>
        What would undoing do?
      </Button>
      <Button
        leftSection={<IconArrowBackUp size={16} aria-hidden />}
        loading={busy === 'undo'}
        onClick={() => void start('undo')}
      >
        {reason === 'undo' ? 'Do it again' : 'Take it back'}
      </Button>
    </Group>
  )
}
