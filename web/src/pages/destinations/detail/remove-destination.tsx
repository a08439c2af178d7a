/** Takes a destination out, for everybody, with a way back; nothing is taken from an activation that sends to it. */
import { Anchor, Button, Text } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { useForget } from '../../../api/hooks.js'
import { restoreFile } from '../../../api/restore-file.js'
import { useCan } from '../../../app/session.js'
import { notifyFailed, notifyUndo } from '../../../ui/notify.js'
import {
  type DestinationDocument,
  deleteDestination,
  type ListedDestination,
  publishDestination,
  readDestination,
  saveDestination,
} from '../api.js'
import { destinationPath } from '../paths.js'

/** The button, or what keeps it from being there. */
export function RemoveDestination({ destination }: { readonly destination: ListedDestination }) {
  const { id, activations } = destination
  const remove = useRemove(destination)
  const [busy, setBusy] = useState(false)
  if (activations.length > 0)
    return (
      <Text c="dimmed" size="sm">
        It cannot be removed:{' '}
        <Anchor component={Link} to={destinationPath(id, 'activations')} inherit>
          {activations.length === 1 ? `${activations[0]} sends` : `${activations.length} activations send`} to
          it
        </Anchor>
        .
      </Text>
    )
  return (
    <Button
      variant="subtle"
      color="gray"
      leftSection={<IconTrash size={16} aria-hidden />}
      loading={busy}
      onClick={() => {
        setBusy(true)
        void remove().finally(() => setBusy(false))
      }}
    >
      Remove this destination
    </Button>
  )
}

/** Stands where the server shows no secret. */
const HIDDEN_SECRET = '•••'

function useRemove({ id, state }: ListedDestination): () => Promise<void> {
  const forget = useForget()
  const navigate = useNavigate()
  const keepsText = useCan('operator')
  const isPublished = state !== 'new'
  return async () => {
    try {
      const before = await readDestination(id)
      if (before.text.includes(HIDDEN_SECRET))
        throw new Error(
          'Its file holds a secret itself, and no undo could bring that back. An engineer removes the file.',
        )
      if (before.etag !== null) await deleteDestination(id, before.etag)
      const undo = async () => {
        await restore(before, keepsText)
        if (isPublished) await publishDestination(id)
        await forget('/api/v1/')
      }
      if (isPublished) {
        // Somebody may have begun to send to it: then it stays.
        await publishDestination(id).catch(async (refusal: unknown) => {
          await restore(before, keepsText)
          throw refusal
        })
      }
      await navigate('/destinations')
      await forget('/api/v1/')
      notifyUndo({ message: `${id} is removed.`, undone: `${id} is back.`, undo })
    } catch (error) {
      notifyFailed(`Could not remove ${id}`, error)
    }
  }
}

/** Byte for byte where the role writes files; else its meaning, without an engineer's comments. */
async function restore(before: DestinationDocument, keepsText: boolean): Promise<void> {
  if (before.definition === null || keepsText) await restoreFile(before)
  else await saveDestination(before.id, before.definition, null)
}
