/** Keeps a secret, new or in place of the one before. */
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useForget } from '../../api/hooks.js'
import { saveSecrets } from '../../api/secrets.js'
import { ErrorState } from '../../ui/error-state.js'
import { notifyDone } from '../../ui/notify.js'
import { SecretInput } from '../../ui/secret-input.js'

/** Names as the API takes them. */
const NAME = /^[A-Z][A-Z0-9_]{0,127}$/

interface SetSecretProps {
  /** Undefined: closed. Empty: a new one. */
  readonly name: string | undefined
  readonly onClose: () => void
}

/** The window. */
export function SetSecret({ name: given, onClose }: SetSecretProps) {
  const forget = useForget()
  const [name, setName] = useState(given ?? '')
  const [value, setValue] = useState('')
  const save = useMutation({
    mutationFn: () => saveSecrets({ [name]: value }),
    async onSuccess() {
      notifyDone(`${name} is kept`)
      onClose()
      await forget('/api/v1/secrets', '/api/v1/workspace')
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  const misnamed = name !== '' && !NAME.test(name)
  return (
    <Modal
      opened={given !== undefined}
      onClose={onClose}
      title={given === '' ? 'Keep a secret' : `Replace ${given}`}
    >
      <form onSubmit={submit}>
        <Stack>
          {given === '' ? (
            <TextInput
              label="Name"
              description="Files refer to it by this name."
              placeholder="SHOP_PASSWORD"
              value={name}
              onChange={(event) => setName(event.currentTarget.value.toUpperCase())}
              error={misnamed && 'Letters, digits and _, beginning with a letter.'}
              autoComplete="off"
              required
              data-autofocus
            />
          ) : (
            <Text>What uses it takes the new value from its next run on.</Text>
          )}
          <SecretInput label="Value" required value={value} onChange={setValue} />
          {save.error !== null && <ErrorState title="It was not kept" error={save.error} />}
          <Group justify="flex-end">
            <Button type="submit" loading={save.isPending} disabled={value === '' || name === '' || misnamed}>
              Keep it
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
