/** The draft differs from what is published: says so, and publishes it. */
import { Alert, Button, Group, Text } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import { useState } from 'react'
import { notifyFailed } from '../notify.js'

interface UnpublishedProps {
  readonly id: string
  /** How the draft stands to what is published. */
  readonly state: 'new' | 'changed' | 'removed'
  /** What the state means for this kind of thing. */
  readonly words: Readonly<Record<'new' | 'changed' | 'removed', string>>
  /** Publishes it; absent for those who may not. */
  readonly publish?: () => Promise<void>
}

/** With a button for those who may. */
export function Unpublished({ id, state, words, publish }: UnpublishedProps) {
  const [busy, setBusy] = useState(false)
  const start = async (publish: () => Promise<void>) => {
    setBusy(true)
    try {
      await publish()
    } catch (error) {
      notifyFailed(`Could not publish ${id}`, error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Alert variant="default" color="river" icon={<IconPencil aria-hidden />} title="Not published">
      <Group justify="space-between" gap="sm">
        <Text>{words[state]}</Text>
        {publish !== undefined && (
          <Button size="xs" onClick={() => void start(publish)} loading={busy}>
            {state === 'removed' ? 'Publish the removal' : 'Publish'}
          </Button>
        )}
      </Group>
    </Alert>
  )
}
