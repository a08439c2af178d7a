/** Rows that could not be loaded as they were: why, where they stand at the source, and the way to try them again. */
import { Button, Code, Group, Select, Stack, Text } from '@mantine/core'
import { IconCircleCheck, IconRefresh } from '@tabler/icons-react'
import { useState } from 'react'
import { api, take } from '../../../api/client.js'
import { useForget, useRead } from '../../../api/hooks.js'
import type { components } from '../../../api/schema.js'
import { Answer } from '../../../ui/answer.js'
import { type Column, DataTable } from '../../../ui/data-table.js'
import { EmptyState } from '../../../ui/empty-state.js'
import { formatCount, formatNumber } from '../../../ui/format.js'
import { notifyDone, notifyFailed } from '../../../ui/notify.js'
import { seen } from '../../../ui/seen.js'
import { StatusBadge } from '../../../ui/status-badge.js'
import { TimeText } from '../../../ui/texts.js'

type Reject = components['schemas']['Reject']

const MOST = 500
/** Characters of a row. */
const MOST_SHOWN = 300
const ALL = 'All streams'

const COLUMNS: readonly Column<Reject>[] = [
  {
    key: 'reason',
    title: 'Why',
    value: ({ reason, field }) => `${reason} ${field}`,
    render: ({ reason, field }) => (
      <>
        <Text>{reason}</Text>
        {field !== '' && (
          <Text size="sm" c="dimmed">
            in {field}
          </Text>
        )}
      </>
    ),
  },
  {
    key: 'raw',
    title: 'As it came',
    value: ({ raw }) => raw,
    render: ({ raw, location }) => (
      <>
        <Code style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
          {seen(raw.length > MOST_SHOWN ? `${raw.slice(0, MOST_SHOWN)}…` : raw)}
        </Code>
        {location !== '' && (
          <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {location}
          </Text>
        )}
      </>
    ),
  },
  { key: 'stream', title: 'Stream', value: ({ stream }) => stream, render: ({ stream }) => stream },
  { key: 'at', title: 'When', value: ({ at }) => at, render: ({ at }) => <TimeText at={at} /> },
  {
    key: 'replayed',
    title: 'Now',
    value: ({ replayed }) => replayed,
    render: ({ replayed }) =>
      replayed ? (
        <StatusBadge status="loaded" label="Loaded since" tone="good" />
      ) : (
        <StatusBadge status="rejected" label="Left out" tone="attention" />
      ),
  },
]

/** The newest ones, of all streams or one. */
export function RejectsTab({ id }: { readonly id: string }) {
  const [stream, setStream] = useState<string>()
  const all = useRead('/api/v1/sources/{id}/rejects', { params: { path: { id }, query: { limit: MOST } } })
  return (
    <Answer of={all} what="the rejects">
      {({ rejects }) => {
        const streams = [...new Set(rejects.map((reject) => reject.stream))].sort()
        const shown = rejects.filter((reject) => stream === undefined || reject.stream === stream)
        const open = [...new Set(shown.filter(({ replayed }) => !replayed).map((reject) => reject.stream))]
        return (
          <Stack>
            {open.length > 0 && <Again id={id} streams={open} />}
            {rejects.length === MOST && <Text c="dimmed">The newest {MOST} are listed.</Text>}
            <DataTable
              label="Rejects"
              unit={['row', 'rows']}
              columns={COLUMNS}
              rows={shown}
              rowKey={({ loadId, ordinal }) => `${loadId}:${ordinal}`}
              search="Find a reject"
              tools={
                streams.length > 1 && (
                  <Select
                    aria-label="Stream"
                    data={[ALL, ...streams]}
                    value={stream ?? ALL}
                    allowDeselect={false}
                    onChange={(value) => setStream(value === ALL || value === null ? undefined : value)}
                    w={{ base: '100%', xs: 240 }}
                  />
                )
              }
              empty={
                <EmptyState
                  title="Nothing was rejected"
                  icon={<IconCircleCheck size={32} stroke={1.4} aria-hidden />}
                >
                  Every row was loaded as it came. What cannot be loaded is kept here with the reason, and the
                  rest goes on.
                </EmptyState>
              }
            />
          </Stack>
        )
      }}
    </Answer>
  )
}

function Again({ id, streams }: { readonly id: string; readonly streams: readonly string[] }) {
  const forget = useForget()
  const [busy, setBusy] = useState<string>()
  const replay = async (stream: string) => {
    setBusy(stream)
    try {
      const { loaded, rejectedAgain, skipped } = await take(
        api.POST('/api/v1/sources/{id}/rejects/replay', { params: { path: { id } }, body: { stream } }),
      )
      await forget('/api/v1/sources')
      const rest = rejectedAgain + skipped
      notifyDone(
        `${formatCount(loaded, 'row')} of ${stream} loaded${rest > 0 ? `, ${formatNumber(rest)} still left out` : ''}.`,
      )
    } catch (error) {
      notifyFailed(`Could not try the rejects of ${stream} again`, error)
    } finally {
      setBusy(undefined)
    }
  }
  return (
    <Group gap="xs">
      <Text c="dimmed">Once the reason is gone, for example a column has another type now:</Text>
      {streams.map((stream) => (
        <Button
          key={stream}
          size="xs"
          variant="default"
          leftSection={<IconRefresh size={14} aria-hidden />}
          loading={busy === stream}
          disabled={busy !== undefined}
          onClick={() => void replay(stream)}
        >
          Try {stream} again
        </Button>
      ))}
    </Group>
  )
}
