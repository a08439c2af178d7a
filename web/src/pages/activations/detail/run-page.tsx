/** One run: what it planned and sent, and the way back. */
import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconArrowBackUp, IconSend } from '@tabler/icons-react'
import { useState } from 'react'
import { useNavigate, useParams } from 'react-router'
import { isMissing } from '../../../api/api-error.js'
import { useForget, useRead } from '../../../api/hooks.js'
import { useCan } from '../../../app/session.js'
import { Answer } from '../../../ui/answer.js'
import { notifyDone, notifyFailed } from '../../../ui/notify.js'
import { Page } from '../../../ui/page.js'
import { Section } from '../../../ui/section.js'
import { StatusBadge } from '../../../ui/status-badge.js'
import { DurationText, NumberText, TimeText } from '../../../ui/texts.js'
import { sentenceOf } from '../../../ui/words.js'
import { type ActivationReport, sendActivation, undoRun } from '../api.js'
import { activationPath } from '../paths.js'
import { Counts } from './counts.js'
import { NoRun } from './gone.js'
import { Guards } from './guards.js'
import { Sample } from './sample.js'
import { useDryRun } from './use-dry-run.js'

export function RunPage() {
  const { id = '', run = '' } = useParams()
  const shown = useRead('/api/v1/activations/{id}/runs/{run}', { params: { path: { id, run } } })
  if (isMissing(shown.error)) return <NoRun key={run} id={id} />
  return (
    <Page
      key={run}
      title={shown.data?.report.outcome === 'planned' ? `Dry run of ${id}` : `Run of ${id}`}
      above={[
        { title: 'Activations', to: '/activations' },
        { title: id, to: activationPath(id) },
      ]}
      mark={shown.data && <StatusBadge status={shown.data.report.outcome} />}
      actions={shown.data && <NextStep report={shown.data.report} />}
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
  const { outcome, startedAt, seconds, acknowledged, rejects, repeated, approval, error } = report
  return (
    <Stack gap="xs">
      <Text>
        Began <TimeText at={startedAt} as="exact" />, took <DurationText seconds={seconds} />:{' '}
        {outcome === 'planned' ? (
          'nothing was sent.'
        ) : (
          <>
            <NumberText value={acknowledged} unit={['record', 'records']} /> taken by the tool,{' '}
            <NumberText value={rejects} /> rejected.
          </>
        )}
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

/** Of a dry run: to send; of a run that sent: to take it back. */
function NextStep({ report }: { readonly report: ActivationReport }) {
  const allowed = useCan('marketer')
  const { outcome, reason, acknowledged, plan } = report
  if (!allowed || plan === undefined) return null
  if (outcome === 'planned') return reason === 'undo' ? null : <Send id={report.activation} />
  return acknowledged === 0 || plan.undo === 'none' ? null : <Undo report={report} />
}

/** What is sent is counted anew: it is what the dry run showed as long as nobody changed since. */
function Send({ id }: { readonly id: string }) {
  const { busy, start } = useStart(id, 'Could not begin to send')
  return (
    <Button
      leftSection={<IconSend size={16} aria-hidden />}
      loading={busy}
      onClick={() => void start(() => sendActivation(id), 'It begins.')}
    >
      Send now
    </Button>
  )
}

/** Taking back is a run of its own: first what it would do, then the deed. */
function Undo({ report: { activation, run, reason } }: { readonly report: ActivationReport }) {
  const dryRun = useDryRun(activation, () => undoRun(activation, run, true))
  const { busy, start } = useStart(activation, 'Could not take it back')
  return (
    <Group gap="xs">
      <Button variant="default" loading={dryRun.busy} onClick={() => void dryRun.start()}>
        What would undoing do?
      </Button>
      <Button
        leftSection={<IconArrowBackUp size={16} aria-hidden />}
        loading={busy}
        onClick={() =>
          void start(
            () => undoRun(activation, run, false),
            'It is being taken back; the activation is paused then.',
          )
        }
      >
        {reason === 'undo' ? 'Do it again' : 'Take it back'}
      </Button>
    </Group>
  )
}

/** Starts a run and goes to the activation, where it is seen to go on. */
function useStart(id: string, failed: string) {
  const forget = useForget()
  const navigate = useNavigate()
  const [busy, setBusy] = useState(false)
  const start = async (run: () => Promise<unknown>, done: string) => {
    setBusy(true)
    try {
      await run()
      notifyDone(done)
      await forget('/api/v1/activations')
      void navigate(activationPath(id))
    } catch (error) {
      notifyFailed(failed, error)
    } finally {
      setBusy(false)
    }
  }
  return { busy, start }
}
