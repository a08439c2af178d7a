/** Secrets that are kept, by name, with what needs them. Values are set and never shown; what nothing needs can be removed. */
import { Anchor, Button, Group, Text } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'react-router'
import { useRead } from '../../api/hooks.js'
import type { components } from '../../api/schema.js'
import { Answer } from '../../ui/answer.js'
import { type Column, DataTable } from '../../ui/data-table.js'
import { EmptyState } from '../../ui/empty-state.js'
import { RemoveSecret } from './remove-secret.js'
import { SetSecret } from './set-secret.js'

type Secret = components['schemas']['SecretLine']

/** The list; a secret that is set anew counts from the next run on. */
export function Secrets() {
  const secrets = useRead('/api/v1/secrets')
  const [setting, setSetting] = useState<string>()
  const [removing, setRemoving] = useState<string>()
  const columns: readonly Column<Secret>[] = [
    { key: 'name', title: 'Name', value: ({ name }) => name, render: (secret) => <Name secret={secret} /> },
    {
      key: 'users',
      title: 'Needed by',
      value: ({ usedBy }) => usedBy.map(({ id }) => id).join(' '),
      render: ({ usedBy }) => <Users of={usedBy} />,
    },
    {
      key: 'actions',
      title: 'Actions',
      align: 'right',
      render: ({ name, place, usedBy }) =>
        place === 'kept' && (
          <Group gap="xs" justify="flex-end" wrap="nowrap">
            {usedBy.length === 0 && (
              <Button
                size="compact-sm"
                variant="default"
                aria-label={`Remove ${name}`}
                onClick={() => setRemoving(name)}
              >
                Remove
              </Button>
            )}
            <Button
              size="compact-sm"
              variant="default"
              aria-label={`Replace ${name}`}
              onClick={() => setSetting(name)}
            >
              Replace
            </Button>
          </Group>
        ),
    },
  ]
  const add = (
    <Button size="xs" onClick={() => setSetting('')}>
      Keep a secret
    </Button>
  )
  return (
    <>
      <Answer of={secrets} what="the names of the secrets">
        {({ secrets }) => (
          <DataTable
            label="Secrets"
            unit={['secret', 'secrets']}
            columns={columns}
            rows={secrets}
            rowKey={({ name }) => name}
            search="Find a secret"
            action={add}
            empty={
              <EmptyState title="No secrets yet" action={add}>
                Passwords and keys that you type into a form are kept here by themselves.
              </EmptyState>
            }
          />
        )}
      </Answer>
      <SetSecret key={`set ${setting}`} name={setting} onClose={() => setSetting(undefined)} />
      <RemoveSecret key={`remove ${removing}`} name={removing} onClose={() => setRemoving(undefined)} />
    </>
  )
}

function Name({ secret: { name, place } }: { readonly secret: Secret }) {
  return (
    <>
      <Text fw={550} style={{ overflowWrap: 'anywhere' }}>
        {name}
      </Text>
      {place === 'given' && (
        <Text size="sm" c="dimmed">
          comes from where the server runs, and is changed there
        </Text>
      )}
    </>
  )
}

function Users({ of: users }: { readonly of: Secret['usedBy'] }) {
  if (users.length === 0) return <Text c="dimmed">nothing</Text>
  return (
    <Group gap="xs">
      {users.map(({ kind, id }) => (
        <Anchor
          key={`${kind}:${id}`}
          component={Link}
          to={`/${kind === 'source' ? 'sources' : 'destinations'}/${encodeURIComponent(id)}`}
        >
          {id}
        </Anchor>
      ))}
    </Group>
  )
}
