/** Before an activation is published: what it does then, and which drafts are published with it. */
import { Button, Group, List, Modal, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { api, take } from '../../../api/client.js'
import { useForget, useRead } from '../../../api/hooks.js'
import { useSegmentNames } from '../../../api/use-segment-names.js'
import { ErrorState } from '../../../ui/error-state.js'
import { notifyDone } from '../../../ui/notify.js'
import type { Definition } from '../model/definition.js'
import { triggerWords } from '../model/trigger.js'
import { sentenceOf } from '../model/words.js'
import { publishActivation } from './save.js'

interface PublishDialogProps {
  readonly id: string
  /** As the draft is saved; null: what is published is that it was removed. */
  readonly definition: Definition | null
  readonly opened: boolean
  readonly onClose: () => void
  readonly onPublished: () => void
}

export function PublishDialog({ id, definition, opened, onClose, onPublished }: PublishDialogProps) {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const forget = useForget()
  const needed = useNeeded(definition, opened)
  const nameOf = useSegmentNames()
  const publish = async () => {
    setBusy(true)
    setError(undefined)
    try {
      for (const each of needed) await each.publish()
      await publishActivation(id)
      notifyDone(definition === null ? `${id} is taken out` : `${id} is published; nothing was sent yet`)
      await forget('/api/v1/activations', '/api/v1/destinations', '/api/v1/segments', '/api/v1/workspace')
      onPublished()
      onClose()
    } catch (refusal) {
      setError(refusal)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={definition === null ? `Take ${id} out for everybody` : `Publish ${id}`}
      size="lg"
    >
      <Stack>
        {definition === null ? (
          <Text>It runs no more. What the tool holds stays there.</Text>
        ) : (
          <Text>{sentenceOf({ ...definition, trigger: triggerWords(definition.trigger) }, nameOf)}</Text>
        )}
        {needed.length > 0 && (
          <div>
            <Text>It needs what is not published yet, and publishes it, too:</Text>
            <List size="md" mt={4}>
              {needed.map(({ title }) => (
                <List.Item key={title}>{title}</List.Item>
              ))}
            </List>
          </div>
        )}
        {definition !== null && (
          <Text c="dimmed">
            {definition.trigger === undefined || definition.trigger === 'manual'
              ? 'Nothing is sent before somebody asks for it. Look at a dry run first.'
              : `It then runs by itself, ${triggerWords(definition.trigger)}. Look at a dry run right away.`}
          </Text>
        )}
        {error !== undefined && <ErrorState error={error} title="It could not be published" />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Not yet
          </Button>
          <Button onClick={() => void publish()} loading={busy} data-autofocus>
            {definition === null ? 'Take it out' : 'Publish'}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

interface Needed {
  readonly title: string
  readonly publish: () => Promise<unknown>
}

/** The destination and the segment, where nobody published them before. */
function useNeeded(definition: Definition | null, enabled: boolean): readonly Needed[] {
  const destinations = useRead('/api/v1/destinations', undefined, { enabled })
  const segments = useRead('/api/v1/segments', undefined, { enabled })
  if (definition === null) return []
  const destination = destinations.data?.destinations.find(({ id }) => id === definition.destination)
  const segment = segments.data?.segments.find(({ id }) => id === definition.segment)
  return [
    ...(destination?.state === 'new'
      ? [{ title: `the destination ${destination.id}`, publish: () => publishDestination(destination.id) }]
      : []),
    ...(segment?.state === 'new'
      ? [{ title: `the segment ${segment.name}`, publish: () => publishSegment(segment.id) }]
      : []),
  ]
}

const publishDestination = (id: string) =>
  take(api.POST('/api/v1/destinations/{id}/publish', { params: { path: { id } }, body: {} }))

const publishSegment = (id: string) =>
  take(api.POST('/api/v1/segments/{id}/publish', { params: { path: { id } }, body: {} }))
