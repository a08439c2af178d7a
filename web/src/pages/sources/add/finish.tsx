/** The last step of a new source. */
import { Button, List, Paper, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { useForget } from '../../../api/hooks.js'
import type { Config, ConnectorDetails } from '../../../ui/connector/api.js'
import { ErrorState } from '../../../ui/error-state.js'
import { notifyDone, notifyFailed } from '../../../ui/notify.js'
import {
  choiceProblem,
  type ScheduleChoice,
  sayChoice,
  writeSchedule,
} from '../../../ui/schedule/schedule.js'
import { ScheduleForm } from '../../../ui/schedule/schedule-form.js'
import { syncSource } from '../../runs/api.js'
import { publishSource, type SourceFile, saveSource } from '../api.js'
import { type StreamLine, writeStreams } from '../model/streams.js'
import { sourcePath } from '../paths.js'
import { Ways } from './ways.js'

/** When it is synced, what was chosen, and the button that publishes and begins. */
export function Finish(props: {
  readonly id: string
  readonly connector: ConnectorDetails
  readonly config: Config
  readonly lines: readonly StreamLine[]
  readonly schedule: ScheduleChoice
  readonly onSchedule: (choice: ScheduleChoice) => void
  /** Called when it is published, before the page is left. */
  readonly onDone: () => void
  readonly back: () => void
}) {
  const { id, connector, config, lines, schedule, onSchedule, onDone, back } = props
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
      onDone()
      await beginSync(id)
      await forget('/api/v1/')
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

/** What is published stays so, whether or not a sync can begin now. */
async function beginSync(id: string): Promise<void> {
  try {
    await syncSource(id)
    notifyDone(`${id} is published, and its first sync begins.`)
  } catch (error) {
    notifyFailed(`${id} is published, but its first sync could not begin`, error)
  }
}
