/** Takes a source away; what it loaded stays. */
import { Button, Text } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { api, take } from '../../../api/client.js'
import { useForget } from '../../../api/hooks.js'
import { ConfirmByTyping } from '../../../ui/confirm-by-typing.js'
import { notifyDone } from '../../../ui/notify.js'
import { publishSource } from '../api.js'

interface RemoveSourceProps {
  readonly id: string
  /** Of the draft; null: it is deleted already. */
  readonly etag: string | null
  /** False: there is nothing but the draft. */
  readonly isPublished: boolean
}

/** The button and its question. */
export function RemoveSource({ id, etag, isPublished }: RemoveSourceProps) {
  const [opened, setOpened] = useState(false)
  const navigate = useNavigate()
  const forget = useForget()
  const remove = async () => {
    if (etag !== null)
      await take(
        api.DELETE('/api/v1/sources/{id}', { params: { path: { id }, header: { 'if-match': etag } } }),
      )
    if (isPublished) await publishSource(id)
    await navigate('/sources')
    await forget('/api/v1/')
    notifyDone(`${id} is removed; what it loaded stays in the warehouse.`)
  }
  return (
    <>
      <Button
        variant="subtle"
        color="gray"
        leftSection={<IconTrash size={16} aria-hidden />}
        onClick={() => setOpened(true)}
      >
        Remove this source…
      </Button>
      <ConfirmByTyping
        opened={opened}
        onClose={() => setOpened(false)}
        title={`Remove ${id}?`}
        word={id}
        action="Remove it"
        onConfirm={remove}
      >
        <Text>
          It is synced no more. What it loaded stays in the warehouse, and mappings go on reading that. An
          engineer can bring the source back from the history of what was published.
        </Text>
      </ConfirmByTyping>
    </>
  )
}
