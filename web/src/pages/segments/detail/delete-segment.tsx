/** Deleting a segment's draft: at once and with a way back; where something depends on the segment, that is named before. */
import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { api, take } from '../../../api/client.js'
import { useForget } from '../../../api/hooks.js'
import { restoreFile } from '../../../api/restore-file.js'
import { notifyFailed, notifyUndo } from '../../../ui/notify.js'
import type { ListedSegment } from '../api.js'
import { deleteSegment, readSegment, type SegmentDocument, saveSegment } from '../builder/save.js'
import type { Definition } from '../model/definition.js'
import { Dependents } from '../publish-dialog.js'

interface Deletion {
  /** True while what depends on it is on show, before anything is deleted. */
  readonly isAsking: boolean
  /** Deletes it, or asks where something depends on it. */
  begin(): Promise<void>
  /** Deletes it all the same. */
  confirm(): Promise<void>
  cancel(): void
}

/** What is published stays until the deletion is published. */
export function useDelete(segment: ListedSegment): Deletion {
  const { id, name, state } = segment
  const [isAsking, setAsking] = useState(false)
  const forget = useForget()
  const navigate = useNavigate()
  const orSay = async (work: () => Promise<void>) => {
    try {
      await work()
    } catch (error) {
      notifyFailed(`Could not delete ${name}`, error)
    }
  }
  const remove = async () => {
    const before = await readSegment(id)
    if (before.etag === null) return
    await deleteSegment(id, before.etag)
    await forget('/api/v1/segments', '/api/v1/workspace')
    notifyUndo({
      message: `${name} was deleted${state === 'new' ? '' : ' as a draft'}`,
      undone: `${name} is back`,
      undo: async () => {
        await restore(before)
        await forget('/api/v1/segments', '/api/v1/workspace')
      },
    })
    if (state === 'new') await navigate('/segments')
  }
  return {
    isAsking,
    begin: () =>
      orSay(async () => (state !== 'new' && (await hasDependents(id)) ? setAsking(true) : remove())),
    confirm: () => {
      setAsking(false)
      return orSay(remove)
    },
    cancel: () => setAsking(false),
  }
}

/** Names what depends on the segment. */
export function DeleteDialog({
  segment,
  deletion,
}: {
  readonly segment: ListedSegment
  readonly deletion: Deletion
}) {
  return (
    <Modal
      opened={deletion.isAsking}
      onClose={deletion.cancel}
      size="lg"
      title={`Other things depend on ${segment.name}`}
    >
      <Stack>
        <Dependents id={segment.id} isNew={false} enabled={deletion.isAsking} />
        <Text>
          Nothing happens to them yet: only the draft is deleted. The deletion cannot be published before they
          speak of something else.
        </Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={deletion.cancel} data-autofocus>
            Keep it
          </Button>
          <Button variant="default" onClick={() => void deletion.confirm()}>
            Delete the draft
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

async function hasDependents(id: string): Promise<boolean> {
  const path = { params: { path: { id } } }
  const { segments, activations } = await take(api.GET('/api/v1/segments/{id}/dependents', path))
  return segments.length + activations.length > 0
}

/** As it was, with an engineer's comments; a text that is no segment is an operator's to bring back. */
async function restore({ id, definition, text, path }: SegmentDocument): Promise<void> {
  if (definition !== null) {
    await saveSegment(id, definition as unknown as Definition, { etag: null, text })
    return
  }
  await restoreFile({ path, text })
}
