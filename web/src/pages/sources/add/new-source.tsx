/** A new source in three steps: connect, choose, schedule. What was filled in stays while somebody goes back and forth. */
import { Button, Paper, Stack, Stepper, TextInput } from '@mantine/core'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { Navigate, useParams } from 'react-router'
import { useRead } from '../../../api/hooks.js'
import { useCan } from '../../../app/session.js'
import { Answer } from '../../../ui/answer.js'
import {
  type Config,
  type ConnectorCheck,
  type ConnectorDetails,
  checkConfig,
} from '../../../ui/connector/api.js'
import { CheckResult } from '../../../ui/connector/check-result.js'
import { ConnectorMarks } from '../../../ui/connector/connector-marks.js'
import { withTypedSecrets } from '../../../ui/connector/typed-secrets.js'
import { ErrorState } from '../../../ui/error-state.js'
import { ForMarketers } from '../../../ui/for-marketers.js'
import { LeaveGuard } from '../../../ui/leave-guard.js'
import { Loading } from '../../../ui/loading.js'
import { idProblem, proposeId, SOURCE_IDS } from '../../../ui/new-id.js'
import { Page } from '../../../ui/page.js'
import type { ScheduleChoice } from '../../../ui/schedule/schedule.js'
import { beginForm, FormOnDemand } from '../../../ui/schema-form/form-on-demand.js'
import type { FilledForm } from '../../../ui/schema-form/schema-form.js'
import { discoverConfig } from '../api.js'
import { entryProblem, readStreams, type StreamLine } from '../model/streams.js'
import classes from './new-source.module.css'
import { Ways } from './ways.js'

// The later steps' code comes while the first one is filled in.
const fetchChooser = () => import('../parts/stream-chooser.js')
const fetchFinish = () => import('./finish.js')
const StreamChooser = lazy(async () => ({ default: (await fetchChooser()).StreamChooser }))
const Finish = lazy(async () => ({ default: (await fetchFinish()).Finish }))

/** Begins with the first letter that is typed. What fails is told when the step shows. */
function beginSteps(): void {
  for (const fetchStep of [fetchChooser, fetchFinish]) fetchStep().catch(() => undefined)
}

/** The page for one connector. */
export function NewSource() {
  if (useCan('marketer')) return <Add />
  return (
    <ForMarketers
      title="Sources are added by marketers"
      above={[{ title: 'Sources', to: '/sources' }]}
      things="sources"
      act="add one"
      to="/sources"
      show="Show the sources"
    />
  )
}

function Add() {
  const { connector = '' } = useParams()
  useEffect(beginForm, [])
  const details = useRead('/api/v1/connectors/{name}/spec', { params: { path: { name: connector } } })
  const sources = useRead('/api/v1/sources')
  if (details.data?.kind === 'destination')
    return <Navigate to={`/destinations/new/${encodeURIComponent(connector)}`} replace />
  return (
    <Page
      title={details.data === undefined ? 'New source' : `New source: ${details.data.title}`}
      description={details.data?.description}
      mark={details.data && <ConnectorMarks connector={details.data} />}
      above={[
        { title: 'Sources', to: '/sources' },
        { title: 'Add a source', to: '/sources/new' },
      ]}
    >
      <Answer of={details} what="the connector’s form">
        {(connector) => (
          <Answer of={sources} what="the sources">
            {({ sources }) => <Steps connector={connector} taken={sources.map(({ id }) => id)} />}
          </Answer>
        )}
      </Answer>
    </Page>
  )
}

interface StepsProps {
  readonly connector: ConnectorDetails
  readonly taken: readonly string[]
}

function Steps({ connector, taken }: StepsProps) {
  const [step, setStep] = useState(0)
  const [id, setId] = useState(() => proposeId(connector.title, taken, SOURCE_IDS))
  const [check, setCheck] = useState<ConnectorCheck>()
  const [config, setConfig] = useState<Config>()
  const [lines, setLines] = useState<readonly StreamLine[]>()
  const [warnings, setWarnings] = useState<readonly string[]>([])
  const [failure, setFailure] = useState<unknown>()
  const [schedule, setSchedule] = useState<ScheduleChoice>({ kind: 'interval', count: 1, unit: 'hours' })
  const [isTouched, setTouched] = useState(false)
  const [isDone, setDone] = useState(false)
  const place = useRef<HTMLElement>(null)
  const named = idProblem(id, taken, SOURCE_IDS)
  // What was pressed to come here is gone: the focus goes on where the work does.
  useEffect(() => {
    if (step > 0) place.current?.focus()
  }, [step])

  const discover = async (checked: Config) => {
    setFailure(undefined)
    setLines(undefined)
    try {
      const found = await discoverConfig(connector.name, id, checked)
      setWarnings(found.warnings)
      // A few streams are most likely all wanted; of many, somebody picks.
      const few = found.streams.filter(({ unreadable }) => unreadable === undefined).length <= 12
      setLines(
        readStreams(found.streams, []).map((line) => ({
          ...line,
          chosen: few && line.found.unreadable === undefined,
        })),
      )
    } catch (error) {
      setFailure(error)
    }
  }
  const test = async ({ data, secrets }: FilledForm) => {
    if (named !== undefined) throw new Error(named)
    setCheck(undefined)
    const answer = await checkConfig(connector.name, id, withTypedSecrets(data, secrets))
    setCheck(answer.check)
    if (!answer.check.ok) return
    setConfig(answer.config)
    setStep(1)
    void discover(answer.config)
  }
  const chosen = lines?.filter((line) => line.chosen) ?? []
  const lacking = chosen.find(({ entry, found }) => entryProblem(entry, found) !== undefined)
  return (
    <Stack gap="lg">
      <Stepper
        active={step}
        size="sm"
        aria-label="Steps"
        allowNextStepsSelect={false}
        onStepClick={setStep}
        classNames={{
          steps: classes.steps,
          separator: classes.separator,
          stepDescription: classes.description,
        }}
      >
        <Stepper.Step label="Connect" description="and test" />
        <Stepper.Step label="Choose" description="streams and columns" />
        <Stepper.Step label="Schedule" description="and publish" />
      </Stepper>
      <div hidden={step !== 0}>
        <Stack>
          <Paper p="md">
            <TextInput
              label="Name of the source"
              description="Small letters, digits and _. Its data is found under this name."
              value={id}
              onChange={(event) => setId(event.currentTarget.value)}
              error={named}
              required
              maw={420}
              mb="md"
              autoComplete="off"
              spellCheck={false}
            />
            <FormOnDemand
              schema={connector.spec}
              secretPrefix={id}
              action="Test the connection"
              onChange={() => {
                if (!isTouched) beginSteps()
                setTouched(true)
              }}
              onSubmit={test}
            />
          </Paper>
          {check !== undefined && <CheckResult check={check} kind="source" />}
        </Stack>
      </div>
      {step === 1 && (
        <section ref={place} tabIndex={-1} aria-label="Choose streams and columns" className={classes.step}>
          <Stack>
            {check !== undefined && <CheckResult check={check} kind="source" />}
            {failure !== undefined ? (
              <ErrorState
                error={failure}
                title="The streams could not be read"
                retry={() => config !== undefined && void discover(config)}
              />
            ) : lines === undefined ? (
              <Loading what="Asking the source what it has" />
            ) : (
              <Suspense fallback={<Loading what="Opening the list" />}>
                <StreamChooser lines={lines} onChange={setLines} warnings={warnings} />
              </Suspense>
            )}
            <Ways
              back={() => setStep(0)}
              hint={
                lines !== undefined && chosen.length === 0
                  ? 'Choose at least one stream.'
                  : lacking && `${lacking.found.name} lacks something: see its details.`
              }
            >
              <Button disabled={chosen.length === 0 || lacking !== undefined} onClick={() => setStep(2)}>
                Go on
              </Button>
            </Ways>
          </Stack>
        </section>
      )}
      {step === 2 && config !== undefined && lines !== undefined && (
        <section ref={place} tabIndex={-1} aria-label="Schedule and publish" className={classes.step}>
          <Suspense fallback={<Loading what="Opening the last step" />}>
            <Finish
              id={id}
              connector={connector}
              config={config}
              lines={lines}
              schedule={schedule}
              onSchedule={setSchedule}
              onDone={() => setDone(true)}
              back={() => setStep(1)}
            />
          </Suspense>
        </section>
      )}
      <LeaveGuard isDirty={isTouched && !isDone} />
    </Stack>
  )
}
