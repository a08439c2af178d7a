/** Lists of people that somebody put together by hand: for whom no condition could find. */
import { Button, Stack } from '@mantine/core'
import { IconListDetails, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useRead } from '../../../api/hooks.js'
import { useCan } from '../../../app/session.js'
import { Answer } from '../../../ui/answer.js'
import { type Column, DataTable } from '../../../ui/data-table.js'
import { EmptyState } from '../../../ui/empty-state.js'
import { Page } from '../../../ui/page.js'
import { NumberText, TimeText } from '../../../ui/texts.js'
import type { PeopleList } from '../api.js'
import { AddDialog } from './add-dialog.js'

/** /segments/lists */
export function ListsPage() {
  const lists = useRead('/api/v1/lists')
  const mayChange = useCan('marketer')
  const [adding, setAdding] = useState(false)
  const add = mayChange && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
      New list
    </Button>
  )
  return (
    <Page
      title="Lists"
      description="People named one by one. A segment can ask who is on a list, and who is not."
      above={[{ title: 'Segments', to: '/segments' }]}
      actions={add}
    >
      <Answer of={lists} what="the lists">
        {({ lists: all }) => (
          <DataTable
            label="Lists"
            search="Find a list"
            columns={COLUMNS}
            rows={all}
            rowKey={({ list }) => list}
            rowTo={({ list }) => `/segments/lists/${encodeURIComponent(list)}`}
            empty={
              <EmptyState
                icon={<IconListDetails size={36} aria-hidden />}
                title="No lists yet"
                action={add || undefined}
              >
                <Stack gap={4}>
                  For guests of an event, testers, or people who must never be written to: paste their e-mail
                  addresses or customer numbers.
                  {!mayChange && <span>To make one, ask an admin for the role marketer.</span>}
                </Stack>
              </EmptyState>
            }
          />
        )}
      </Answer>
      {adding && <AddDialog list={undefined} onClose={() => setAdding(false)} />}
    </Page>
  )
}

const COLUMNS: readonly Column<PeopleList>[] = [
  { key: 'list', title: 'List', value: ({ list }) => list, render: ({ list }) => list },
  {
    key: 'entries',
    title: 'Entries',
    align: 'right',
    value: ({ entries }) => entries,
    render: ({ entries }) => <NumberText value={entries} />,
  },
  {
    key: 'changedAt',
    title: 'Changed',
    value: ({ changedAt }) => changedAt,
    render: ({ changedAt }) => <TimeText at={changedAt} />,
  },
]
