/** Forgets a secret that nothing needs. Its value is shown to nobody, so that nothing could bring it back: this asks first. */
import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { api, take } from '../../api/client.js'
import { useForget } from '../../api/hooks.js'
import { ErrorState } from '../../ui/error-state.js'
import { notifyDone } from '../../ui/notify.js'

interface RemoveSecretProps {
  /** Undefined: closed. */
  readonly name: string | undefined
  readonly onClose: () => void
}

/** The window. */
export function RemoveSecret({ name = '', onClose }: RemoveSecretProps) {
  const forget = useForget()
  const remove = useMutation({
    mutationFn: () => take(api.DELETE('/api/v1/secrets/{name}', { params: { path: { name } } })),
    async onSuccess() {
      onClose()
      notifyDone(`${name} is removed`)
      await forget('/api/v1/secrets')
    },
  })
  return (
    <Modal opened={name !== ''} onClose={onClose} title={`Remove ${name}?`}>
      <Stack>
        <Text>
          No source and no tool needs it: it was left by a test of a connection, or another one took its
          place. Its value cannot be brought back.
        </Text>
        {remove.error !== null && <ErrorState title="It was not removed" error={remove.error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep it
          </Button>
          <Button color="red.8" loading={remove.isPending} onClick={() => remove.mutate()}>
            Remove it
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
