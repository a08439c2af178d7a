/** The draft differs from what is published: says so, and publishes it. */
import { Alert, Button, Group, Text } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { useForget } from '../../../api/hooks.js'
import { useCan } from '../../../app/session.js'
import { notifyDone, notifyFailed } from '../../../ui/notify.js'
import { publishSource, type SourceLine } from '../api.js'

const WORDS: Readonly<Record<string, string>> = {
  new: 'Nobody has published this source yet, so it is not synced.',
  changed: 'Its settings were changed, and the change is not published: syncs go on as before.',
  removed: 'Its file was deleted, and that is not published: syncs go on as before.',
}

/** With a button for those who may. */
export function Unpublished({ source: { id, state } }: { readonly source: SourceLine }) {
  const allowed = useCan('marketer')
  const forget = useForget()
  const navigate = useNavigate()
  const [busy, setBusy] = useState(false)
  const publish = async () => {
    setBusy(true)
    try {
      await publishSource(id)
      if (state === 'removed') await navigate('/sources')
      await forget('/api/v1/')
      notifyDone(state === 'removed' ? `${id} is removed; what it loaded stays.` : `${id} is published.`)
    } catch (error) {
      notifyFailed(`Could not publish ${id}`, error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Alert variant="default" color="river" icon={<IconPencil aria-hidden />} title="Not published">
      <Group justify="space-between" gap="sm">
        <Text>{WORDS[state]}</Text>
        {allowed && (
          <Button size="xs" onClick={() => void publish()} loading={busy}>
            {state === 'removed' ? 'Publish the removal' : 'Publish'}
          </Button>
        )}
      </Group>
    </Alert>
  )
}
