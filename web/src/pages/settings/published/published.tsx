/** What was published, the newest first: what each time changed, and the way back to it. */
import { Button, Drawer, Group, List, Stack, Text } from '@mantine/core'
import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api, take } from '../../../api/client.js'
import { useForget, useRead } from '../../../api/hooks.js'
import type { components } from '../../../api/schema.js'
import { Answer } from '../../../ui/answer.js'
import { changeWords } from '../../../ui/change-words.js'
import { type Column, DataTable } from '../../../ui/data-table.js'
import { EmptyState } from '../../../ui/empty-state.js'
import { ErrorState } from '../../../ui/error-state.js'
import { Loading } from '../../../ui/loading.js'
import { notifyDone } from '../../../ui/notify.js'
import { TimeText } from '../../../ui/texts.js'

type Revision = components['schemas']['Revision']

const PAGE = 100

/** The list, older ones on demand. */
export function Published() {
  const [open, setOpen] = useState<Revision>()
  const list = useInfiniteQuery({
    queryKey: ['/api/v1/workspace/revisions'],
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam: before, signal }) =>
      take(
        api.GET('/api/v1/workspace/revisions', {
          params: { query: { limit: PAGE, ...(before !== undefined && { before }) } },
          signal,
        }),
      ),
    getNextPageParam: ({ revisions }) => (revisions.length < PAGE ? undefined : revisions.at(-1)?.number),
  })
  if (list.error !== null)
    return (
      <ErrorState
        error={list.error}
        title="Could not read what was published"
        retry={() => void list.refetch()}
      />
    )
  if (list.data === undefined) return <Loading what="Reading what was published" />
  const revisions = list.data.pages.flatMap((page) => page.revisions)
  return (
    <>
      <DataTable
        label="What was published"
        unit={['time', 'times']}
        columns={columnsOf(setOpen)}
        rows={revisions}
        rowKey={({ number }) => String(number)}
        search="Find by author or words"
        empty={
          <EmptyState title="Nothing was published yet">
            What is saved counts once it is published, on the overview.
          </EmptyState>
        }
      />
      {list.hasNextPage && (
        <Group justify="center" mt="md">
          <Button
            variant="default"
            loading={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            Older ones
          </Button>
        </Group>
      )}
      <Drawer
        opened={open !== undefined}
        onClose={() => setOpen(undefined)}
        position="right"
        size="lg"
        title={open === undefined ? '' : `What number ${open.number} changed`}
      >
        {open !== undefined && (
          <Details revision={open} newest={revisions[0]!} onClose={() => setOpen(undefined)} />
        )}
      </Drawer>
    </>
  )
}

const columnsOf = (open: (revision: Revision) => void): readonly Column<Revision>[] => [
  { key: 'number', title: 'Number', value: ({ number }) => number, render: ({ number }) => number },
  {
    key: 'at',
    title: 'When',
    value: ({ appliedAt }) => appliedAt,
    render: ({ appliedAt }) => <TimeText at={appliedAt} as="exact" />,
  },
  { key: 'author', title: 'Who', value: ({ author }) => author, render: ({ author }) => author },
  {
    key: 'message',
    title: 'Why',
    minor: true,
    value: ({ message }) => message,
    render: ({ message }) => message || '–',
  },
  {
    key: 'open',
    title: 'Changes',
    render: (revision) => (
      <Button
        size="compact-sm"
        variant="default"
        aria-label={`Show what number ${revision.number} changed`}
        onClick={() => open(revision)}
      >
        Show
      </Button>
    ),
  },
]

interface DetailsProps {
  readonly revision: Revision
  readonly newest: Revision
  readonly onClose: () => void
}

function Details({ revision, newest, onClose }: DetailsProps) {
  const forget = useForget()
  const path = { revision: revision.revision }
  const changed = useRead('/api/v1/workspace/revisions/{revision}/diff', {
    params: { path, query: { against: 'parent' } },
  })
  const back = useRead(
    '/api/v1/workspace/revisions/{revision}/diff',
    { params: { path, query: { against: 'current' } } },
    { enabled: revision.number !== newest.number },
  )
  const publish = useMutation({
    mutationFn: () =>
      take(
        api.POST('/api/v1/workspace/apply', {
          body: {
            revision: revision.revision,
            parent: newest.revision,
            message: `As number ${revision.number}`,
          },
        }),
      ),
    onSuccess: async ({ number }) => {
      onClose()
      notifyDone(`Published as revision ${number}`)
      await forget('/api/v1/')
    },
  })
  return (
    <Stack>
      <Answer of={changed} what="what it changed">
        {({ changes }) => <Changes changes={changes} none="Only comments or spaces." />}
      </Answer>
      {revision.number === newest.number ? (
        <Text c="dimmed">This is what holds now.</Text>
      ) : (
        <Answer of={back} what="what going back would change">
          {({ changes }) => (
            <Stack gap="xs" align="flex-start">
              <Text fw={550}>Going back to it would change</Text>
              <Changes changes={changes} none="Nothing: what holds now means the same." />
              <Text c="dimmed" size="sm">
                Drafts stay as they are. This can be taken back the same way.
              </Text>
              {publish.error !== null && <ErrorState title="Publishing was refused" error={publish.error} />}
              <Button
                disabled={changes.length === 0}
                loading={publish.isPending}
                onClick={() => publish.mutate()}
              >
                Publish it again
              </Button>
            </Stack>
          )}
        </Answer>
      )}
    </Stack>
  )
}

function Changes({
  changes,
  none,
}: {
  readonly changes: readonly components['schemas']['Change'][]
  readonly none: string
}) {
  if (changes.length === 0) return <Text>{none}</Text>
  return (
    <List spacing={4}>
      {changes.map((change) => (
        <List.Item key={change.message}>{changeWords(change)}</List.Item>
      ))}
    </List>
  )
}
