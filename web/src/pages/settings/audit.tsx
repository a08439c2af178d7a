/** Who did what, newest first. */
import { Button, Group } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api, take } from '../../api/client.js'
import type { components } from '../../api/schema.js'
import { useTimeZone } from '../../app/session.js'
import { type Column, DataTable } from '../../ui/data-table.js'
import { EmptyState } from '../../ui/empty-state.js'
import { ErrorState } from '../../ui/error-state.js'
import { Loading } from '../../ui/loading.js'
import { TimeText } from '../../ui/texts.js'
import { sayAction, sayDetail } from './audit-words.js'

type Entry = components['schemas']['AuditEntry']

const PAGE = 200

const columnsOf = (zone: string): readonly Column<Entry>[] => [
  { key: 'actor', title: 'Who', value: ({ actor }) => actor, render: ({ actor }) => actor },
  {
    key: 'action',
    title: 'Did',
    value: ({ action }) => sayAction(action),
    render: ({ action }) => sayAction(action),
  },
  { key: 'subject', title: 'With', value: ({ subject }) => subject, render: ({ subject }) => subject },
  {
    key: 'detail',
    title: 'Detail',
    value: ({ detail }) => detail,
    render: ({ detail }) => sayDetail(detail, zone) || '–',
    minor: true,
  },
  { key: 'at', title: 'When', value: ({ at }) => at, render: ({ at }) => <TimeText at={at} as="exact" /> },
]

/** The log, older entries on demand. */
export function Audit() {
  const zone = useTimeZone()
  const columns = useMemo(() => columnsOf(zone), [zone])
  const log = useInfiniteQuery({
    queryKey: ['/api/v1/audit'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: before, signal }) =>
      take(
        api.GET('/api/v1/audit', { params: { query: { limit: PAGE, ...(before && { before }) } }, signal }),
      ),
    getNextPageParam: ({ entries }) => (entries.length < PAGE ? undefined : entries.at(-1)?.at),
  })
  if (log.error !== null)
    return <ErrorState error={log.error} title="Could not read the log" retry={() => void log.refetch()} />
  if (log.data === undefined) return <Loading what="Reading who did what" />
  return (
    <>
      <DataTable
        label="Who did what"
        unit={['entry', 'entries']}
        columns={columns}
        rows={log.data.pages.flatMap(({ entries }) => entries)}
        rowKey={({ actor, action, subject, detail, at }) => [at, actor, action, subject, detail].join('\n')}
        search="Find in the log"
        empty={<EmptyState title="Nothing was done yet" />}
      />
      {log.hasNextPage && (
        <Group justify="center" mt="md">
          <Button variant="default" loading={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
            Older entries
          </Button>
        </Group>
      )}
    </>
  )
}
