/** Everything that runs and ran, narrowed by what, how it went and whose it was. */
import { Button, Center, Group, Select } from '@mantine/core'
import { IconActivity } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useSearchParams } from 'react-router'
import { api, take } from '../../../api/client.js'
import { useCan } from '../../../app/session.js'
import { DataTable } from '../../../ui/data-table.js'
import { EmptyState } from '../../../ui/empty-state.js'
import { ErrorState } from '../../../ui/error-state.js'
import { Loading } from '../../../ui/loading.js'
import { Page } from '../../../ui/page.js'
import { type RunFilter, runPath } from '../api.js'
import { KINDS } from '../model/run-words.js'
import { RUN_COLUMNS } from './run-columns.js'

const PAGE = 100
const WHILE_RUNNING_MS = 2_000

const OUTCOMES = [
  { value: 'running', label: 'Running' },
  { value: 'succeeded', label: 'Succeeded' },
  { value: 'partial', label: 'Partly done' },
  { value: 'failed', label: 'Failed' },
  { value: 'cancelled', label: 'Cancelled' },
  { value: 'waiting for approval', label: 'Waits for approval' },
]

/** The page; its filters are in the address. */
export function RunList() {
  const [search, setSearch] = useSearchParams()
  const filter = filterIn(search)
  const runs = useRuns(filter)
  const set = (key: string, value: string | null) =>
    setSearch(
      (before) => {
        const after = new URLSearchParams(before)
        if (value === null || value === '') after.delete(key)
        else after.set(key, value)
        return after
      },
      { replace: true },
    )
  const lines = runs.data?.pages.flatMap((page) => page.runs) ?? []
  const isNarrowed = filter.kind !== undefined || filter.outcome !== undefined || filter.subject !== undefined
  return (
    <Page
      title="Runs"
      description="What is happening now, what happened, what failed and what to do about it."
    >
      <Group gap="sm">
        <Select
          aria-label="What ran"
          placeholder="Everything"
          data={KINDS.map(({ value, label }) => ({ value, label }))}
          value={filter.kind ?? null}
          onChange={(kind) => set('kind', kind)}
          clearable
          clearButtonProps={{ 'aria-label': 'Everything' }}
          w={{ base: '100%', xs: 200 }}
        />
        <Select
          aria-label="How it went"
          placeholder="However it went"
          data={OUTCOMES}
          value={filter.outcome ?? null}
          onChange={(outcome) => set('outcome', outcome)}
          clearable
          clearButtonProps={{ 'aria-label': 'However it went' }}
          w={{ base: '100%', xs: 200 }}
        />
        {filter.subject !== undefined && (
          <Button variant="default" onClick={() => set('subject', null)}>
            Only {filter.subject}: show all
          </Button>
        )}
      </Group>
      {runs.error !== null && runs.data === undefined ? (
        <ErrorState error={runs.error} title="Could not read the runs" retry={() => void runs.refetch()} />
      ) : runs.data === undefined ? (
        <Loading what="Reading the runs" lines={8} />
      ) : (
        <>
          <DataTable
            label="Runs"
            unit={runs.hasNextPage ? ['newest run', 'newest runs'] : ['run', 'runs']}
            columns={RUN_COLUMNS}
            rows={lines}
            rowKey={({ workflowId, run }) => `${workflowId}/${run}`}
            rowTo={runPath}
            search="Find a run"
            order={{ column: 'startedAt', descending: true }}
            pageSize={25}
            empty={isNarrowed ? <NoneSo onAll={() => setSearch({}, { replace: true })} /> : <NoneYet />}
          />
          {runs.hasNextPage && (
            <Center>
              <Button
                variant="default"
                loading={runs.isFetchingNextPage}
                onClick={() => void runs.fetchNextPage()}
              >
                Older runs
              </Button>
            </Center>
          )}
        </>
      )}
    </Page>
  )
}

/** Pages of runs, read again every moment while something runs. */
function useRuns(filter: RunFilter) {
  return useInfiniteQuery({
    queryKey: ['/api/v1/runs', 'pages', filter],
    queryFn: ({ pageParam, signal }) =>
      take(
        api.GET('/api/v1/runs', {
          params: { query: { ...filter, limit: PAGE, ...(pageParam !== null && { after: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ runs }) => runs.some(({ endedAt }) => endedAt === null))
        ? // All pages are read again, however many were asked for.
          WHILE_RUNNING_MS * state.data.pages.length
        : false,
  })
}

function filterIn(search: URLSearchParams): RunFilter {
  const kind = KINDS.find(({ value }) => value === search.get('kind'))?.value
  const outcome = OUTCOMES.find(({ value }) => value === search.get('outcome'))?.value as RunFilter['outcome']
  const subject = search.get('subject') ?? undefined
  return {
    ...(kind !== undefined && { kind }),
    ...(outcome !== undefined && { outcome }),
    ...(subject !== undefined && { subject }),
  }
}

function NoneSo({ onAll }: { readonly onAll: () => void }) {
  return (
    <EmptyState
      title="No such run"
      action={
        <Button variant="default" onClick={onAll}>
          Show all runs
        </Button>
      }
    >
      Nothing like this has run yet.
    </EmptyState>
  )
}

function NoneYet() {
  const allowed = useCan('marketer')
  return (
    <EmptyState
      title="Nothing has run yet"
      icon={<IconActivity size={36} stroke={1.4} aria-hidden />}
      action={
        allowed && (
          <Button component={Link} to="/sources/new">
            Add a source
          </Button>
        )
      }
    >
      Syncs of sources, refreshes of people and activations show here, live and afterwards.
      {allowed && ' Add a source, and its first sync begins.'}
    </EmptyState>
  )
}
