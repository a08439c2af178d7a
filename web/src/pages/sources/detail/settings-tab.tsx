/** How a source is set: connection, streams, schedule. One draft; saved and published together. */
import { Button, Group, Paper, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { api, take } from '../../../api/client.js'
import { useForget, useRead } from '../../../api/hooks.js'
import { useCan } from '../../../app/session.js'
import { Answer } from '../../../ui/answer.js'
import { ConflictDialog } from '../../../ui/draft/conflict-dialog.js'
import { Outdated } from '../../../ui/draft/outdated.js'
import { useDraft } from '../../../ui/draft/use-draft.js'
import { useOpened } from '../../../ui/draft/use-opened.js'
import { ErrorState, Problems } from '../../../ui/error-state.js'
import { LeaveGuard } from '../../../ui/leave-guard.js'
import { notifyDone } from '../../../ui/notify.js'
import { choiceProblem, readSchedule, type Schedule, writeSchedule } from '../../../ui/schedule/schedule.js'
import { ScheduleForm } from '../../../ui/schedule/schedule-form.js'
import { Section } from '../../../ui/section.js'
import { publishSource, type SourceDraft, type SourceFile, saveSource } from '../api.js'
import { ConnectionSection } from './connection-section.js'
import { RemoveSource } from './remove-source.js'
import { StreamsSection } from './streams-section.js'

/** Reads the draft; one that is no source any more is an engineer's to repair. */
export function SettingsTab({ id }: { readonly id: string }) {
  const source = useOpened(id, useRead('/api/v1/sources/{id}', { params: { path: { id } } }))
  return (
    <Answer of={source} what="the settings">
      {({ etag, state, definition, problems }) =>
        definition === null ? (
          <Paper p="md">
            <Text mb="xs">
              The file of this source has errors, so that no form can show it. An engineer repairs it.
            </Text>
            <Problems problems={problems} />
          </Paper>
        ) : (
          <Form id={id} etag={etag} isPublished={state !== 'new'} definition={definition} />
        )
      }
    </Answer>
  )
}

interface FormProps extends Pick<SourceDraft, 'id' | 'etag'> {
  readonly isPublished: boolean
  readonly definition: SourceFile
}

function Form({ id, etag, isPublished, definition }: FormProps) {
  const allowed = useCan('marketer')
  const forget = useForget()
  const [busy, setBusy] = useState<'save' | 'publish'>()
  const [failure, setFailure] = useState<unknown>()
  const draft = useDraft<SourceFile>({
    kept: { etag, definition },
    save: async (value, before) => keptOf(await saveSource(id, value, before)),
    reload: async () => keptOf(await take(api.GET('/api/v1/sources/{id}', { params: { path: { id } } }))),
  })
  const { value, change, isChanged } = draft
  const schedule = readSchedule(value.schedule as Schedule | undefined)
  const problem = choiceProblem(schedule)
  const finish = async (how: 'save' | 'publish') => {
    setBusy(how)
    setFailure(undefined)
    try {
      if (isChanged && !(await draft.save())) return
      if (how === 'publish') await publishSource(id)
      await forget('/api/v1/')
      notifyDone(
        how === 'publish' ? `${id} is published.` : 'Saved. Syncs go on as before until it is published.',
      )
    } catch (error) {
      setFailure(error)
    } finally {
      setBusy(undefined)
    }
  }
  return (
    <Stack gap="lg">
      <ConnectionSection id={id} value={value} onChange={change} disabled={!allowed} />
      <StreamsSection
        id={id}
        value={value}
        isChanged={value.config !== definition.config}
        onChange={change}
        disabled={!allowed}
      />
      <Section title="Schedule">
        <ScheduleForm
          value={schedule}
          onChange={(choice) =>
            change({ ...value, schedule: writeSchedule(choice, value.schedule as Schedule | undefined) })
          }
          {...(typeof value.schedule === 'object' &&
            'time_zone' in value.schedule &&
            value.schedule.time_zone !== undefined && { timeZone: value.schedule.time_zone })}
          disabled={!allowed}
        />
      </Section>
      {draft.isOutdated && <Outdated what="this source" />}
      {failure !== undefined && <ErrorState error={failure} title="This could not be saved" />}
      {allowed && (
        <Group justify="space-between" gap="xs">
          <RemoveSource id={id} etag={etag} isPublished={isPublished} />
          <Group gap="xs">
            {isChanged && (
              <Button variant="subtle" color="gray" onClick={draft.discard}>
                Discard changes
              </Button>
            )}
            <Button
              variant="default"
              disabled={!isChanged || problem !== undefined}
              loading={busy === 'save'}
              onClick={() => void finish('save')}
            >
              Save as draft
            </Button>
            <Button
              disabled={!isChanged || problem !== undefined}
              loading={busy === 'publish'}
              onClick={() => void finish('publish')}
            >
              Save and publish
            </Button>
          </Group>
        </Group>
      )}
      <ConflictDialog draft={draft} />
      <LeaveGuard isDirty={isChanged} />
    </Stack>
  )
}

function keptOf({ etag, definition }: Pick<SourceDraft, 'etag' | 'definition'>) {
  if (definition === null)
    throw new Error('The file has errors now: somebody edited it by hand. Look at the file, then try again.')
  return { etag, definition }
}
