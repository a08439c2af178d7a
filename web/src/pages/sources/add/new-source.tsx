/** A new source in three steps: connect, choose, schedule. What was filled in stays while somebody goes back and forth. */
import { Button, Group, List, Paper, Stack, Stepper, Text, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useNavigate, useParams } from 'react-router'
import { useForget, useRead } from '../../../api/hooks.js'
import { Answer } from '../../../ui/answer.js'
import { ErrorState } from '../../../ui/error-state.js'
import { Loading } from '../../../ui/loading.js'
import { notifyDone } from '../../../ui/notify.js'
import { Page } from '../../../ui/page.js'
import { type FilledForm, SchemaForm } from '../../../ui/schema-form/schema-form.js'
import {
  type Config,
  type ConnectorCheck,
  type ConnectorDetails,
  checkConfig,
  discoverConfig,
  publishSource,
  type SourceFile,
  saveSource,
  syncSource,
} from '../api.js'
import { choiceProblem, type ScheduleChoice, sayChoice, writeSchedule } from '../model/schedule.js'
import { idProblem, proposeId } from '../model/source-id.js'
import { entryProblem, readStreams, type StreamLine, writeStreams } from '../model/streams.js'
import { withTypedSecrets } from '../model/typed-secrets.js'
import { CheckResult } from '../parts/check-result.js'
import { ConnectorMarks } from '../parts/connector-marks.js'
import { ScheduleForm } from '../parts/schedule-form.js'
import { StreamChooser } from '../parts/stream-chooser.js'
import { sourcePath } from '../paths.js'

/** The page for one connector. */
export function NewSource() {
  const { connector = '' } = useParams()
  const details = useRead('/api/v1/connectors/{name}/spec', { params: { path: { name: connector } } })
  const sources = useRead('/api/v1/sources')
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
  const [id, setId] = useState(() => proposeId(connector.title, taken))
  const [check, setCheck] = useState<ConnectorCheck>()
  const [config, setConfig] = useState<Config>()
  const [lines, setLines] = useState<readonly StreamLine[]>()
  const [warnings, setWarnings] = useState<readonly string[]>([])
  const [failure, setFailure] = useState<unknown>()
  const [schedule, setSchedule] = useState<ScheduleChoice>({ kind: 'interval', count: 1, unit: 'hours' })
  const named = idProblem(id, taken)

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
      <Stepper active={step} size="sm" aria-label="Steps" allowNextStepsSelect={false} onStepClick={setStep}>
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
            <SchemaForm
              schema={connector.spec}
              secretPrefix={id}
              action="Test the connection"
              onSubmit={test}
            />
          </Paper>
          {check !== undefined && <CheckResult check={check} />}
        </Stack>
      </div>
      {step === 1 && (
        <Stack>
          {check !== undefined && <CheckResult check={check} />}
          {failure !== undefined ? (
            <ErrorState
              error={failure}
              title="The streams could not be read"
              retry={() => config !== undefined && void discover(config)}
            />
          ) : lines === undefined ? (
            <Loading what="Asking the source what it has" />
          ) : (
            <StreamChooser lines={lines} onChange={setLines} warnings={warnings} />
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
      )}
      {step === 2 && config !== undefined && lines !== undefined && (
        <Finish
          id={id}
          connector={connector}
          config={config}
          lines={lines}
          schedule={schedule}
          onSchedule={setSchedule}
          back={() => setStep(1)}
        />
      )}
    </Stack>
  )
}

function Finish(props: {
  readonly id: string
  readonly connector: ConnectorDetails
  readonly config: Config
  readonly lines: readonly StreamLine[]
  readonly schedule: ScheduleChoice
  readonly onSchedule: (choice: ScheduleChoice) => void
  readonly back: () => void
}) {
  const { id, connector, config, lines, schedule, onSchedule, back } = props
  const navigate = useNavigate()
  const forget = useForget()
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>()
  const [etag, setEtag] = useState<string | null>(null)
  const chosen = lines.filter((line) => line.chosen)
  const publish = async () => {
    setBusy(true)
    setFailure(undefined)
    try {
      const definition = {
        connector: connector.reference,
        config,
        schedule: writeSchedule(schedule),
        streams: writeStreams(lines, []),
      } as SourceFile
      const draft = await saveSource(id, definition, etag)
      // Publishing may fail: then the next try replaces this draft.
      setEtag(draft.etag)
      await publishSource(id)
      await syncSource(id).catch(() => undefined)
      await forget('/api/v1/')
      notifyDone(`${id} is published, and its first sync begins.`)
      await navigate(sourcePath(id))
    } catch (error) {
      setFailure(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Stack>
      <Paper p="md">
        <ScheduleForm value={schedule} onChange={onSchedule} />
      </Paper>
      <Paper p="md">
        <Text>
          <strong>{id}</strong> reads {chosen.length === 1 ? '1 stream' : `${chosen.length} streams`} of{' '}
          {connector.title} {sayChoice(schedule)}:
        </Text>
        <List size="sm" mt={4}>
          {chosen.slice(0, 8).map(({ found }) => (
            <List.Item key={found.name}>{found.name}</List.Item>
          ))}
          {chosen.length > 8 && <List.Item>and {chosen.length - 8} more</List.Item>}
        </List>
      </Paper>
      {failure !== undefined && <ErrorState error={failure} title="The source could not be published" />}
      <Ways back={back}>
        <Button
          onClick={() => void publish()}
          loading={busy}
          disabled={choiceProblem(schedule) !== undefined}
        >
          Publish and sync
        </Button>
      </Ways>
    </Stack>
  )
}

function Ways(props: { readonly back: () => void; readonly hint?: string; readonly children: ReactNode }) {
  return (
    <Group justify="flex-end" gap="xs">
      {props.hint !== undefined && (
        <Text c="dimmed" size="sm" role="status">
          {props.hint}
        </Text>
      )}
      <Button variant="default" onClick={props.back}>
        Back
      </Button>
      {props.children}
    </Group>
  )
}
