/** Takes an activation away, with a way back. What the tool holds stays there. */
import { useNavigate } from 'react-router'
import { api, take } from '../../../api/client.js'
import { useForget } from '../../../api/hooks.js'
import { restoreFile } from '../../../api/restore-file.js'
import { useCan } from '../../../app/session.js'
import { notifyFailed, notifyUndo } from '../../../ui/notify.js'
import { deleteActivation, publishActivation, saveActivation } from '../editor/save.js'
import type { Definition } from '../model/definition.js'

/** Deletes the draft, and publishes that where it was published; undo brings back both. */
export function useRemove(id: string): () => Promise<void> {
  const forget = useForget()
  const navigate = useNavigate()
  const keepsText = useCan('operator')
  return async () => {
    try {
      const before = await take(api.GET('/api/v1/activations/{id}', { params: { path: { id } } }))
      const isPublished = before.state !== 'new'
      if (before.etag !== null) await deleteActivation(id, before.etag)
      if (isPublished) await publishActivation(id)
      await navigate('/activations')
      await forget('/api/v1/')
      notifyUndo({
        message: isPublished
          ? `${id} is removed and runs no more. What the tool holds stays there.`
          : `${id} is removed. Nothing was ever sent by it.`,
        undone: `${id} is back`,
        undo: async () => {
          // Byte for byte where the role writes files; else its meaning, without an engineer's comments.
          if (keepsText || before.definition === null) await restoreFile(before)
          else await saveActivation(id, before.definition as Definition, null)
          if (isPublished) await publishActivation(id)
          await forget('/api/v1/')
        },
      })
    } catch (error) {
      notifyFailed(`Could not remove ${id}`, error)
    }
  }
}
