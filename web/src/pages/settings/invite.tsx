/** Invites somebody: a name and a role, and out comes a link. */
import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { api, take } from '../../api/client.js'
import { useForget } from '../../api/hooks.js'
import type { components } from '../../api/schema.js'
import type { Role } from '../../app/roles.js'
import { ErrorState } from '../../ui/error-state.js'
import { RoleField } from './role-field.js'

interface InviteProps {
  readonly opened: boolean
  readonly onClose: () => void
  readonly onInvited: (name: string, link: components['schemas']['SignInLink']) => void
}

/** The window. */
export function Invite({ opened, onClose, onInvited }: InviteProps) {
  const forget = useForget()
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>('marketer')
  const invite = useMutation({
    mutationFn: () => take(api.POST('/api/v1/members', { body: { name: name.trim(), role } })),
    async onSuccess({ link }) {
      await forget('/api/v1/members')
      onInvited(name.trim(), link)
      setName('')
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    invite.mutate()
  }
  return (
    <Modal opened={opened} onClose={onClose} title="Invite somebody">
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label="Name"
            placeholder="Ada Lovelace"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            maxLength={100}
            autoComplete="off"
            required
            data-autofocus
          />
          <RoleField value={role} onChange={setRole} />
          {invite.error !== null && <ErrorState title="Nobody was invited" error={invite.error} />}
          <Group justify="flex-end">
            <Button type="submit" loading={invite.isPending} disabled={name.trim() === ''}>
              Make the link
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
