/** What members say about who is who: merged, split, and taken back. It takes effect with the refresh that it asks for. */
import { api, take } from '../../../api/client.js'
import { notifyUndo } from '../../../ui/notify.js'
import type { IdentityName } from '../api.js'

type Forget = (...prefixes: readonly string[]) => Promise<void>

/** Says what was recorded, and takes it back when asked. */
export async function recordedNotice(message: string, record: string, forget: Forget): Promise<void> {
  notifyUndo({
    message: `${message} It shows with the refresh that is on its way.`,
    undone: 'Taken back; it shows with the next refresh.',
    undo: async () => {
      await takeBack(record)
      await forget('/api/v1/profiles', '/api/v1/runs')
    },
  })
  // What is said does not wait for what is read again.
  await forget('/api/v1/profiles', '/api/v1/runs')
}

/** @throws ApiError */
export function takeBack(record: string) {
  return take(api.POST('/api/v1/profiles/undo', { body: { record } }))
}

/** An identifier as a request names it. */
export function given({ type, value }: IdentityName) {
  return { type, value }
}
