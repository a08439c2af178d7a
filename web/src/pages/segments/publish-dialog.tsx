/** Before a segment is published: what it then is, and what depends on it. */

import { Anchor, Button, Checkbox, Group, List, Modal, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'react-router'
import { isConflict } from '../../api/api-error.js'
import { api, take } from '../../api/client.js'
import { useForget, useRead } from '../../api/hooks.js'
import { useSegmentNames } from '../../api/use-segment-names.js'
import { ErrorState } from '../../ui/error-state.js'
import { formatCount } from '../../ui/format.js'
import { Loading } from '../../ui/loading.js'
import { notifyDone, notifyFailed } from '../../ui/notify.js'
import type { ListedSegment } from './api.js'
import { publishSegment } from './builder/save.js'

interface PublishDialogProps {
  /** As the reader sees it: nothing else is published. */
  readonly segment: Pick<ListedSegment, 'id' | 'name' | 'state' | 'sentence' | 'etag'>
  readonly opened: boolean
  readonly onClose: () => void
  /** Called in place of `onClose` once it is published. */
  readonly onPublished?: () => void
  /** Somebody else changed it since. @default says so */
  readonly onOther?: () => void
}

/** The window; the draft that is saved is what it publishes. */
export function PublishDialog({ segment, opened, onClose, onPublished, onOther }: PublishDialogProps) {
  const [refresh, setRefresh] = useState(true)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const forget = useForget()
  const isRemoval = segment.state === 'removed'
  const publish = async () => {
    setBusy(true)
    setError(undefined)
    try {
      await publishSegment(segment.id, segment.etag)
      notifyDone(isRemoval ? `${segment.name} is taken out` : `${segment.name} is published`)
      if (refresh && !isRemoval) await askRefresh()
      await forget('/api/v1/')
      const leave = onPublished ?? onClose
      leave()
    } catch (refusal) {
      if (!isConflict(refusal)) return setError(refusal)
      await forget('/api/v1/segments')
      if (onOther === undefined) return setError(new Error(CHANGED))
      onClose()
      onOther()
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={isRemoval ? `Take ${segment.name} out for everybody` : `Publish ${segment.name}`}
      size="lg"
    >
      <Stack>
        {segment.sentence !== null && !isRemoval && <Text>{segment.sentence}</Text>}
        <Dependents id={segment.id} isNew={segment.state === 'new'} enabled={opened} />
        {!isRemoval && (
          <Checkbox
            label="Count its members now"
            description="Without it they are counted at the next refresh."
            checked={refresh}
            onChange={(event) => setRefresh(event.currentTarget.checked)}
          />
        )}
        {error !== undefined && <ErrorState error={error} title="It could not be published" />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Not yet
          </Button>
          <Button onClick={() => void publish()} loading={busy}>
            {isRemoval ? 'Take it out' : 'Publish'}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

const CHANGED =
  'Somebody else changed it since you looked. What it says now is shown here: read it, then publish.'

/** A refresh that cannot be asked for is no reason to take the publishing back. */
async function askRefresh(): Promise<void> {
  try {
    await take(api.POST('/api/v1/refresh', { body: {} }))
  } catch (error) {
    notifyFailed('It is published, but a refresh could not be asked for', error)
  }
}

/** What changes when the segment does. */
export function Dependents(props: {
  readonly id: string
  readonly isNew: boolean
  readonly enabled?: boolean
}) {
  const { id, isNew, enabled = true } = props
  const nameOf = useSegmentNames()
  const answer = useRead(
    '/api/v1/segments/{id}/dependents',
    { params: { path: { id } } },
    { enabled: enabled && !isNew },
  )
  if (isNew) return <Text c="dimmed">Nothing depends on it yet: it was never published.</Text>
  if (answer.error !== null)
    return <ErrorState error={answer.error} title="Could not read what depends on it" />
  if (answer.data === undefined) return <Loading what="Reading what depends on it" lines={2} />
  const { segments, activations } = answer.data
  if (segments.length === 0 && activations.length === 0) {
    return <Text c="dimmed">Nothing depends on it: no other segment speaks of it, and nothing sends it.</Text>
  }
  return (
    <div>
      <Text>
        {formatCount(segments.length + activations.length, 'thing depends', 'things depend')} on it and{' '}
        {segments.length + activations.length === 1 ? 'changes' : 'change'} with it:
      </Text>
      <List spacing={4} mt={4}>
        {activations.map((activation) => (
          <List.Item key={activation}>
            <Anchor component={Link} to={`/activations/${activation}`}>
              {activation}
            </Anchor>{' '}
            sends it to a tool
          </List.Item>
        ))}
        {segments.map(({ segment, direct }) => (
          <List.Item key={segment}>
            <Anchor component={Link} to={`/segments/${segment}`}>
              {nameOf(segment)}
            </Anchor>{' '}
            {direct ? 'speaks of it' : 'speaks of a segment that does'}
          </List.Item>
        ))}
      </List>
    </div>
  )
}
