/** Makes a token: what it is for, what it may do, and how long. */
import { Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { api, take } from '../../api/client.js'
import { useForget } from '../../api/hooks.js'
import type { Data } from '../../api/typed.js'
import type { Role } from '../../app/roles.js'
import { ErrorState } from '../../ui/error-state.js'
import { RoleField } from './role-field.js'

interface NewTokenProps {
  readonly opened: boolean
  readonly onClose: () => void
  readonly onCreated: (token: Data<'/api/v1/tokens', 'post'>) => void
}

const LENGTHS = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: '1 year' },
  { value: 'never', label: 'Until it is revoked' },
]

/** The window. */
export function NewToken({ opened, onClose, onCreated }: NewTokenProps) {
  const forget = useForget()
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>('viewer')
  const [length, setLength] = useState('90')
  const create = useMutation({
    mutationFn: () =>
      take(
        api.POST('/api/v1/tokens', {
          body: { name: name.trim(), role, validDays: length === 'never' ? null : Number(length) },
        }),
      ),
    async onSuccess(token) {
      await forget('/api/v1/tokens')
      onCreated(token)
      setName('')
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    create.mutate()
  }
  return (
    <Modal opened={opened} onClose={onClose} title="Create a token">
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label="What it is for"
            placeholder="nightly export"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            maxLength={100}
            autoComplete="off"
            required
            data-autofocus
          />
          <RoleField value={role} onChange={setRole} />
          <Select
            label="Good for"
            data={LENGTHS}
            value={length}
            allowDeselect={false}
            onChange={(value) => setLength(value ?? '90')}
          />
          {create.error !== null && <ErrorState title="No token was made" error={create.error} />}
          <Group justify="flex-end">
            <Button type="submit" loading={create.isPending} disabled={name.trim() === ''}>
              Create
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
