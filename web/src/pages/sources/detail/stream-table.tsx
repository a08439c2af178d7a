/** The streams of a source that were loaded: how much, up to where, and what they say of people. */
import { Anchor, Group, Menu, Text } from '@mantine/core'
import { IconRefresh, IconRestore } from '@tabler/icons-react'
import { useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { api, take } from '../../../api/client.js'
import { useForget, useRead } from '../../../api/hooks.js'
import { useCan } from '../../../app/session.js'
import { Answer } from '../../../ui/answer.js'
import { ConfirmByTyping } from '../../../ui/confirm-by-typing.js'
import { type Column, DataTable } from '../../../ui/data-table.js'
import { EmptyState } from '../../../ui/empty-state.js'
import { LongName } from '../../../ui/long-name.js'
import { MoreMenu } from '../../../ui/more-menu.js'
import { notifyDone, notifyFailed } from '../../../ui/notify.js'
import { Section } from '../../../ui/section.js'
import { CursorText, NumberText, TimeText } from '../../../ui/texts.js'
import { syncSource } from '../../runs/api.js'
import type { LoadedStream } from '../api.js'
import { ownColumns } from '../model/own-columns.js'
import { mappingPath, runPath } from '../paths.js'

const columnCount = ({ columns }: LoadedStream): number => ownColumns(columns).length

interface StreamRow extends LoadedStream {
  readonly state: { readonly rows: number; readonly cursor: string; readonly committedAt: string } | undefined
}

/** One row a stream; operators see where each stands. */
export function StreamTable({ id }: { readonly id: string }) {
  const isOperator = useCan('operator')
  const isMarketer = useCan('marketer')
  const streams = useRead('/api/v1/sources/{id}/streams', { params: { path: { id } } })
  const state = useRead('/api/v1/sources/{id}/state', { params: { path: { id } } }, { enabled: isOperator })
  const [reset, setReset] = useState<string>()
  const columns: readonly Column<StreamRow>[] = [
    {
      key: 'name',
      title: 'Stream',
      value: ({ name }) => name,
      render: ({ name }) => (
        <Text fw={550}>
          <LongName name={name} />
        </Text>
      ),
    },
    ...(isOperator ? stateColumns : []),
    {
      key: 'columns',
      title: 'Columns',
      align: 'right',
      value: columnCount,
      render: (stream) => <NumberText value={columnCount(stream)} />,
    },
    {
      key: 'mappings',
      title: 'What it says of people',
      value: ({ mappings }) => mappings.join(' '),
      render: (stream) => <Mappings source={id} stream={stream} allowed={isMarketer} />,
    },
    ...(isMarketer
      ? [
          {
            key: 'more',
            title: 'More',
            render: ({ name }: StreamRow) => (
              <More source={id} stream={name} onReset={() => setReset(name)} />
            ),
          },
        ]
      : []),
  ]
  return (
    <Section title="Streams" bare>
      <Answer of={streams} what="the streams">
        {(found) => (
          <DataTable
            label="Streams"
            unit={['stream', 'streams']}
            columns={columns}
            rows={found.streams.map((stream) => ({
              ...stream,
              state: state.data?.streams.find((each) => each.stream === stream.name),
            }))}
            rowKey={({ name }) => name}
            {...(found.streams.length > 8 && { search: 'Find a stream' })}
            order={{ column: 'name', descending: false }}
            empty={
              <EmptyState title="Nothing is loaded yet">
                Its streams show here with the first sync.
              </EmptyState>
            }
          />
        )}
      </Answer>
      <ResetDialog source={id} stream={reset} onClose={() => setReset(undefined)} />
    </Section>
  )
}

const stateColumns: readonly Column<StreamRow>[] = [
  {
    key: 'rows',
    title: 'Rows loaded',
    align: 'right',
    value: ({ state }) => state?.rows,
    render: ({ state }) => <NumberText value={state?.rows} />,
  },
  {
    key: 'cursor',
    title: 'Read up to',
    minor: true,
    value: ({ state }) => state?.cursor,
    render: ({ state }) => <CursorText cursor={state?.cursor} />,
  },
  {
    key: 'committedAt',
    title: 'New data',
    value: ({ state }) => state?.committedAt,
    render: ({ state }) => <TimeText at={state?.committedAt} />,
  },
]

function Mappings(props: {
  readonly source: string
  readonly stream: LoadedStream
  readonly allowed: boolean
}) {
  const { source, stream, allowed } = props
  if (stream.mappings.length === 0)
    return allowed ? (
      <Anchor
        component={Link}
        to={mappingPath(source, stream.name)}
        aria-label={`Map to people: ${stream.name}`}
      >
        Map to people
      </Anchor>
    ) : (
      'nothing yet'
    )
  return (
    <Group gap="xs">
      {stream.mappings.map((mapping) => (
        <Anchor key={mapping} component={Link} to={mappingPath(source, stream.name, mapping)}>
          {mapping}
        </Anchor>
      ))}
    </Group>
  )
}

function More(props: { readonly source: string; readonly stream: string; readonly onReset: () => void }) {
  const { source, stream, onReset } = props
  const isOperator = useCan('operator')
  const forget = useForget()
  const sync = async () => {
    try {
      await syncSource(source, [stream])
      await forget('/api/v1/sources', '/api/v1/runs')
      notifyDone(`A sync of ${stream} begins.`)
    } catch (error) {
      notifyFailed(`Could not sync ${stream}`, error)
    }
  }
  return (
    <MoreMenu label={`More for ${stream}`}>
      <Menu.Item leftSection={<IconRefresh size={16} aria-hidden />} onClick={() => void sync()}>
        Sync only this
      </Menu.Item>
      {isOperator && (
        <Menu.Item leftSection={<IconRestore size={16} aria-hidden />} onClick={onReset}>
          Read anew…
        </Menu.Item>
      )}
    </MoreMenu>
  )
}

/** Says what happens to what people see before anything does. */
function ResetDialog(props: {
  readonly source: string
  readonly stream: string | undefined
  readonly onClose: () => void
}) {
  const { source, stream = '', onClose } = props
  const navigate = useNavigate()
  const forget = useForget()
  const reset = async () => {
    const run = await take(
      api.POST('/api/v1/sources/{id}/reset', { params: { path: { id: source } }, body: { stream } }),
    )
    await forget('/api/v1/runs', '/api/v1/sources')
    await navigate(runPath(run.workflowId, run.runId))
  }
  return (
    <ConfirmByTyping
      opened={props.stream !== undefined}
      onClose={onClose}
      title={`Read ${stream} anew?`}
      word={stream}
      action="Read it anew"
      onConfirm={reset}
    >
      <Text>
        All rows of {stream} are read from the source again, into a new place. Until that is complete, people
        and segments see the rows of now; then the new ones take their place at once.
      </Text>
      <Text mt="xs">
        Rows that the source has no more are gone then. It can take long, and it costs the source as much as
        the first sync did.
      </Text>
    </ConfirmByTyping>
  )
}
