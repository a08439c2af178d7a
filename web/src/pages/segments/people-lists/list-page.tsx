/** Who is on one list. */
import { Alert, Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { Link, useParams } from 'react-router'
import { useForget, useRead } from '../../../api/hooks.js'
import { useCan } from '../../../app/session.js'
import { Answer } from '../../../ui/answer.js'
import { type Column, DataTable } from '../../../ui/data-table.js'
import { EmptyState } from '../../../ui/empty-state.js'
import { formatCount } from '../../../ui/format.js'
import { LongName } from '../../../ui/long-name.js'
import { notifyFailed, notifyUndo } from '../../../ui/notify.js'
import { Page } from '../../../ui/page.js'
import { seen } from '../../../ui/seen.js'
import { words } from '../../profiles/parts/names.js'
import type { IdentifierName } from '../api.js'
import { AddDialog } from './add-dialog.js'
import { addToList, removeFromList } from './change-list.js'

/** More are not shown at once. */
const SHOWN = 10_000

/** /segments/lists/:list */
export function PeopleListPage() {
  const { list = '' } = useParams()
  const answer = useRead('/api/v1/lists/{list}', { params: { path: { list }, query: { limit: SHOWN } } })
  const mayChange = useCan('marketer')
  const [adding, setAdding] = useState(false)
  const take = useTakeOff(list)
  return (
    <Page
      title={list}
      description="People who were named one by one."
      above={[
        { title: 'Segments', to: '/segments' },
        { title: 'Lists', to: '/segments/lists' },
      ]}
      actions={
        mayChange && (
          <>
            <Button
              component={Link}
              to="/segments/new"
              state={{ definition: { name: '', who: { all: [{ list }] } } }}
              variant="default"
            >
              Build a segment with it
            </Button>
            <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
              Add people
            </Button>
          </>
        )
      }
    >
      <Answer of={answer} what="the list">
        {({ entries, size }) => (
          <>
            {size > entries.length && (
              <Alert variant="default">
                {formatCount(size, 'person is', 'people are')} on it; these are the first{' '}
                {formatCount(entries.length, 'one')}.
              </Alert>
            )}
            <DataTable
              label="People on the list"
              search="Find somebody"
              unit={['entry', 'entries']}
              columns={[...COLUMNS, ...(mayChange ? [offColumn(take)] : [])]}
              rows={entries}
              rowKey={({ type, value }) => `${type}:${value}`}
              empty={
                <EmptyState title="Nobody is on it">
                  Segments that ask for this list find nobody until somebody is put on it.
                </EmptyState>
              }
            />
          </>
        )}
      </Answer>
      {adding && <AddDialog list={list} onClose={() => setAdding(false)} />}
    </Page>
  )
}

/** Takes one off, with a way back. */
function useTakeOff(list: string): (entry: IdentifierName) => Promise<void> {
  const forget = useForget()
  return async ({ type, value }) => {
    const change = { list, type, values: [value] }
    const read = () => forget('/api/v1/lists', '/api/v1/vocabulary', '/api/v1/runs')
    try {
      await removeFromList(change)
      await read()
      notifyUndo({
        message: `${value} was taken off ${list}`,
        undone: `${value} is on ${list} again`,
        undo: async () => {
          await addToList(change)
          await read()
        },
      })
    } catch (error) {
      notifyFailed(`Could not take ${value} off ${list}`, error)
    }
  }
}

const COLUMNS: readonly Column<IdentifierName>[] = [
  {
    key: 'value',
    title: 'Who',
    value: ({ value }) => value,
    render: ({ value }) => <LongName name={seen(value)} />,
  },
  { key: 'type', title: 'Named by', value: ({ type }) => words(type), render: ({ type }) => words(type) },
]

function offColumn(take: (entry: IdentifierName) => Promise<void>): Column<IdentifierName> {
  return {
    key: 'off',
    title: 'Not on it?',
    render: (entry) => (
      <Button
        size="compact-sm"
        variant="default"
        aria-label={`Take ${entry.value} off the list`}
        onClick={() => void take(entry)}
      >
        Take off
      </Button>
    ),
  }
}
