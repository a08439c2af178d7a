/** Tokens with which programs use the API. */
import { Button } from '@mantine/core'
import { useState } from 'react'
import { api, take } from '../../api/client.js'
import { useForget, useRead } from '../../api/hooks.js'
import type { components } from '../../api/schema.js'
import { Answer } from '../../ui/answer.js'
import { ConfirmByTyping } from '../../ui/confirm-by-typing.js'
import { type Column, DataTable } from '../../ui/data-table.js'
import { EmptyState } from '../../ui/empty-state.js'
import { StatusBadge } from '../../ui/status-badge.js'
import { TimeText } from '../../ui/texts.js'
import { NewToken } from './new-token.js'
import { roleLabel } from './role-words.js'
import { type Shown, ShownOnce } from './shown-once.js'
import { tokenStatus } from './token-status.js'

type Token = components['schemas']['ApiToken']

/** The list, with those that are no longer good. */
export function Tokens() {
  const tokens = useRead('/api/v1/tokens')
  const forget = useForget()
  const [creating, setCreating] = useState(false)
  const [shown, setShown] = useState<Shown>()
  const [revoking, setRevoking] = useState<Token>()
  const columns: readonly Column<Token>[] = [
    { key: 'name', title: 'Name', value: ({ name }) => name, render: ({ name }) => name },
    {
      key: 'status',
      title: 'Status',
      value: (token) => tokenStatus(token, new Date()),
      render: (token) => <StatusBadge status={tokenStatus(token, new Date())} />,
    },
    { key: 'role', title: 'Role', value: ({ role }) => role, render: ({ role }) => roleLabel(role) },
    {
      key: 'used',
      title: 'Last used',
      value: ({ lastUsedAt }) => lastUsedAt,
      render: ({ lastUsedAt }) => (lastUsedAt === null ? 'never' : <TimeText at={lastUsedAt} />),
    },
    {
      key: 'expires',
      title: 'Expires',
      value: ({ expiresAt }) => expiresAt,
      render: ({ expiresAt }) => (expiresAt === null ? 'never' : <TimeText at={expiresAt} as="date" />),
      minor: true,
    },
    {
      key: 'made',
      title: 'Made by',
      value: ({ author }) => author,
      render: ({ author }) => author,
      minor: true,
    },
    {
      key: 'revoke',
      title: 'Actions',
      align: 'right',
      render: (token) =>
        token.revokedAt === null && (
          <Button
            size="compact-sm"
            variant="default"
            aria-label={`Revoke ${token.name}`}
            onClick={() => setRevoking(token)}
          >
            Revoke
          </Button>
        ),
    },
  ]
  const create = (
    <Button size="xs" onClick={() => setCreating(true)}>
      Create a token
    </Button>
  )
  return (
    <>
      <Answer of={tokens} what="the tokens">
        {(data) => (
          <DataTable
            label="Tokens"
            unit={['token', 'tokens']}
            columns={columns}
            rows={data.tokens}
            rowKey={({ id }) => id}
            search="Find a token"
            action={create}
            empty={
              <EmptyState title="No tokens yet" action={create}>
                A token lets a program use the API with a role of its own.
              </EmptyState>
            }
          />
        )}
      </Answer>
      <NewToken
        opened={creating}
        onClose={() => setCreating(false)}
        onCreated={({ name, token, expiresAt }) => {
          setCreating(false)
          setShown({
            title: `Token ${name}`,
            label: 'Token',
            text: token,
            what: 'Programs send it as “Authorization: Bearer …”. It is shown only now; only its hash is kept.',
            expiresAt,
          })
        }}
      />
      <ShownOnce shown={shown} onClose={() => setShown(undefined)} />
      <ConfirmByTyping
        opened={revoking !== undefined}
        onClose={() => setRevoking(undefined)}
        title={`Revoke ${revoking?.name}?`}
        word={revoking?.name ?? ''}
        action="Revoke"
        onConfirm={async () => {
          await take(api.DELETE('/api/v1/tokens/{id}', { params: { path: { id: revoking?.id ?? '' } } }))
          await forget('/api/v1/tokens')
        }}
      >
        Programs that use it are refused from now on. It cannot be made good again.
      </ConfirmByTyping>
    </>
  )
}
