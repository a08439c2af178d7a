/** Names of the secrets that are kept. Values are set and never shown. */
import { Button, Code } from '@mantine/core'
import { useState } from 'react'
import { useRead } from '../../api/hooks.js'
import { Answer } from '../../ui/answer.js'
import { type Column, DataTable } from '../../ui/data-table.js'
import { EmptyState } from '../../ui/empty-state.js'
import { SetSecret } from './set-secret.js'

/** The list; a secret that is set anew counts from the next run on. */
export function Secrets() {
  const secrets = useRead('/api/v1/secrets')
  const [setting, setSetting] = useState<string>()
  const columns: readonly Column<string>[] = [
    { key: 'name', title: 'Name', value: (name) => name, render: (name) => name },
    {
      key: 'reference',
      title: 'In files',
      render: (name) => <Code>{`\${secret:${name}}`}</Code>,
      minor: true,
    },
    {
      key: 'replace',
      title: 'Actions',
      align: 'right',
      render: (name) => (
        <Button
          size="compact-sm"
          variant="default"
          aria-label={`Replace ${name}`}
          onClick={() => setSetting(name)}
        >
          Replace
        </Button>
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
        {({ names }) => (
          <DataTable
            label="Secrets"
            columns={columns}
            rows={names}
            rowKey={(name) => name}
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
      <SetSecret key={setting} name={setting} onClose={() => setSetting(undefined)} />
    </>
  )
}
