/** Words that appear in a corner and go by themselves: what was done, with a way back. */
import { Button, Group, Text, VisuallyHidden } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { ApiError } from '../api/api-error.js'
import { forgetUndo, offerUndo } from './undo-key.js'
import { sentenceOf, splitError } from './words.js'

/** Long enough to read, and to think about it; it waits as long as somebody points at it, or is on its button. */
const UNDO_MS = 20_000

const CLOSE = { 'aria-label': 'Close' }

/** Says that something was done. */
export function notifyDone(message: string): void {
  notifications.show({ message, color: 'green', closeButtonProps: CLOSE })
}

/** Says that something could not be done; it stays until it is closed. */
export function notifyFailed(doing: string, error: unknown): void {
  const { what, remedy = firstRemedy(error) } = splitError(
    error instanceof Error ? error.message : String(error),
  )
  notifications.show({
    title: doing,
    message: [what, remedy]
      .filter((part) => part !== undefined)
      .map(sentenceOf)
      .join(' '),
    color: 'red',
    autoClose: false,
    closeButtonProps: CLOSE,
  })
}

function firstRemedy(error: unknown): string | undefined {
  return error instanceof ApiError ? error.problems[0]?.remedy : undefined
}

/** Says what was done and takes it back when asked, by the button or by Ctrl+Z; in place of a question beforehand. */
export function notifyUndo(input: {
  /** What was done: "Loyal customers was deleted". */
  readonly message: string
  /** Takes it back. */
  readonly undo: () => Promise<unknown>
  /** What is said when it was taken back. @default "Undone" */
  readonly undone?: string
}): void {
  const takeBack = async () => {
    notifications.hide(id)
    try {
      await input.undo()
      notifyDone(input.undone ?? 'Undone')
    } catch (error) {
      notifyFailed('Could not undo this', error)
    }
  }
  const id = notifications.show({
    autoClose: UNDO_MS,
    closeButtonProps: CLOSE,
    onClose: () => forgetUndo(id),
    message: (
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Text size="md">{input.message}</Text>
        <VisuallyHidden>Control Z takes it back.</VisuallyHidden>
        <Button
          size="compact-sm"
          variant="default"
          style={{ flex: 'none' }}
          title="Ctrl+Z"
          aria-keyshortcuts="Control+Z Meta+Z"
          onClick={() => void takeBack()}
        >
          Undo
        </Button>
      </Group>
    ),
  })
  offerUndo(id, () => void takeBack())
}
