/** For what cannot be undone: the reader types a word before it is done. */
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { ErrorState } from './error-state.js'

interface ConfirmByTypingProps {
  readonly opened: boolean
  readonly onClose: () => void
  /** The question: "Reset the stream orders?" */
  readonly title: string
  /** What will be lost, and what stays. */
  readonly children: ReactNode
  /** What is to be typed: the thing's name. */
  readonly word: string
  /** The button: "Reset orders". */
  readonly action: string
  /** Does it; the window closes when it is done, and shows why when it is refused. */
  readonly onConfirm: () => Promise<unknown>
}

/** A window that asks for a word. */
export function ConfirmByTyping(props: ConfirmByTypingProps) {
  const { opened, onClose, title, children, word, action, onConfirm } = props
  const [typed, setTyped] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const close = () => {
    setTyped('')
    setError(undefined)
    onClose()
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (typed !== word) return
    setBusy(true)
    try {
      await onConfirm()
      close()
    } catch (refusal) {
      setError(refusal)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal opened={opened} onClose={close} title={title}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack>
          <Text component="div">{children}</Text>
          <TextInput
            label={`Type ${word} to go on`}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            data-autofocus
          />
          {error !== undefined && <ErrorState error={error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              Leave it as it is
            </Button>
            <Button type="submit" color="red.8" disabled={typed !== word} loading={busy}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
