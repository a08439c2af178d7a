/** Reads a stretch of the past again, without moving where syncs stand. */
import { Button, Group, Modal, MultiSelect, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { api, take } from '../../../api/client.js'
import { useForget, useRead } from '../../../api/hooks.js'
import { useTimeZone } from '../../../app/session.js'
import { ErrorState } from '../../../ui/error-state.js'
import { formatCount } from '../../../ui/format.js'
import { notifyDone } from '../../../ui/notify.js'
import { dayCount, daysProblem, stretchOf } from '../model/backfill.js'
import { runPath } from '../paths.js'

interface BackfillDialogProps {
  readonly id: string
  readonly opened: boolean
  readonly onClose: () => void
}

/** Days, and the streams where not all are meant. */
export function BackfillDialog({ id, opened, onClose }: BackfillDialogProps) {
  const loaded = useRead('/api/v1/sources/{id}/streams', { params: { path: { id } } }, { enabled: opened })
  const zone = useTimeZone()
  const navigate = useNavigate()
  const forget = useForget()
  const [first, setFirst] = useState('')
  const [last, setLast] = useState('')
  const [streams, setStreams] = useState<readonly string[]>([])
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>()
  const today = new Date().toISOString().slice(0, 10)
  const problem = daysProblem(first, last, today)
  const isTyped = first !== '' && last !== ''
  const start = async () => {
    setBusy(true)
    setFailure(undefined)
    try {
      const run = await take(
        api.POST('/api/v1/sources/{id}/backfill', {
          params: { path: { id } },
          body: { ...stretchOf(first, last), ...(streams.length > 0 && { streams }) },
        }),
      )
      await forget('/api/v1/runs', '/api/v1/sources')
      notifyDone(run.started ? 'The backfill begins.' : 'This backfill is running already.')
      onClose()
      await navigate(runPath(run.workflowId, run.runId))
    } catch (error) {
      setFailure(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal opened={opened} onClose={onClose} title={`Read a stretch of the past of ${id}`}>
      <Stack>
        <Text c="dimmed">
          Rows of these days are read again and put in place. Syncs go on meanwhile from where they are.
          Streams that are read whole each time are left out.
          {zone !== 'UTC' && ' A day begins at midnight in UTC.'}
        </Text>
        <Group grow align="flex-start">
          <TextInput
            type="date"
            label="First day"
            value={first}
            max={today}
            onChange={(event) => setFirst(event.currentTarget.value)}
            data-autofocus
          />
          <TextInput
            type="date"
            label="Last day"
            value={last}
            onChange={(event) => setLast(event.currentTarget.value)}
            error={isTyped ? problem : undefined}
          />
        </Group>
        <MultiSelect
          label="Streams"
          placeholder={streams.length === 0 ? 'All that can' : undefined}
          data={loaded.data?.streams.map(({ name }) => name) ?? []}
          value={[...streams]}
          onChange={setStreams}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': 'All streams' }}
        />
        {isTyped && problem === undefined && (
          <Text role="status">{formatCount(dayCount(first, last), 'day')}, a day at a time.</Text>
        )}
        {failure !== undefined && <ErrorState error={failure} title="The backfill could not begin" />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Leave it
          </Button>
          <Button onClick={() => void start()} loading={busy} disabled={problem !== undefined}>
            Read these days
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
