/** All sources: how they do, what they brought, when they run next. */
import { Button, Group, Text } from '@mantine/core'
import { IconDatabaseImport, IconPlus } from '@tabler/icons-react'
import { Link } from 'react-router'
import { useRead } from '../../../api/hooks.js'
import { useCan } from '../../../app/session.js'
import { Answer } from '../../../ui/answer.js'
import { type Column, DataTable } from '../../../ui/data-table.js'
import { EmptyState } from '../../../ui/empty-state.js'
import { Page } from '../../../ui/page.js'
import { StatusBadge } from '../../../ui/status-badge.js'
import { NumberText, TimeText } from '../../../ui/texts.js'
import type { SourceLine } from '../api.js'
import { attentionOf, statusOfSource } from '../model/source-status.js'
import { sourcePath } from '../paths.js'

const COLUMNS: readonly Column<SourceLine>[] = [
  {
    key: 'id',
    title: 'Source',
    value: ({ id }) => id,
    render: ({ id }) => id,
  },
  {
    key: 'title',
    title: 'From',
    value: ({ title }) => title,
    render: ({ title }) => title,
    minor: true,
  },
  {
    key: 'status',
    title: 'Status',
    value: (source) => statusOfSource(source),
    render: (source) => <Status source={source} />,
  },
  {
    key: 'freshAt',
    title: 'New data',
    value: ({ freshAt }) => freshAt,
    render: ({ freshAt }) => (freshAt === null ? 'none yet' : <TimeText at={freshAt} />),
  },
  {
    key: 'rowsDay',
    title: 'Rows in 24 hours',
    align: 'right',
    value: ({ rowsDay }) => rowsDay,
    render: ({ rowsDay }) => <NumberText value={rowsDay} />,
  },
  {
    key: 'rows',
    title: 'Rows in all',
    align: 'right',
    minor: true,
    value: ({ rows }) => rows,
    render: ({ rows }) => <NumberText value={rows} />,
  },
  {
    key: 'next',
    title: 'Next sync',
    value: ({ nextAt }) => nextAt,
    render: ({ nextAt, schedule, paused }) => (
      <>
        {nextAt === null ? paused ? 'paused' : 'when asked' : <TimeText at={nextAt} />}
        <Text size="sm" c="dimmed">
          {schedule}
        </Text>
      </>
    ),
  },
]

/** The list, or the way to the first source. */
export function SourceList() {
  const sources = useRead('/api/v1/sources')
  const allowed = useCan('marketer')
  const add = allowed && (
    <Button component={Link} to="/sources/new" leftSection={<IconPlus size={16} aria-hidden />}>
      Add a source
    </Button>
  )
  return (
    <Page
      title="Sources"
      description="Where your customer data comes from. Each source loads into the warehouse on its own schedule."
      actions={sources.data !== undefined && sources.data.sources.length > 0 ? add : undefined}
    >
      <Answer of={sources} what="the sources">
        {({ sources }) => (
          <DataTable
            label="Sources"
            unit={['source', 'sources']}
            columns={COLUMNS}
            rows={sources}
            rowKey={({ id }) => id}
            rowTo={({ id }) => sourcePath(id)}
            search="Find a source"
            order={{ column: 'id', descending: false }}
            empty={
              <EmptyState
                title="No sources yet"
                icon={<IconDatabaseImport size={36} stroke={1.4} aria-hidden />}
                action={add}
              >
                Connect a database, files or an app. You fill in a form, test it, and choose what is brought
                in; nothing is changed at the source.
                {!allowed && ' Ask somebody who may edit to add the first one.'}
              </EmptyState>
            }
          />
        )}
      </Answer>
    </Page>
  )
}

function Status({ source }: { readonly source: SourceLine }) {
  const attention = attentionOf(source)
  return (
    <div>
      <Group gap={6}>
        <StatusBadge status={statusOfSource(source)} />
        {source.state !== 'published' && statusOfSource(source) !== source.state && (
          <StatusBadge status={source.state} />
        )}
      </Group>
      {attention !== undefined && (
        <Text size="sm" c="dimmed" mt={4} maw="44ch" lineClamp={2}>
          {attention}
        </Text>
      )}
    </div>
  )
}
