/** All activations: which segment goes where, and how it does. */
import { Button, Group, Text } from '@mantine/core'
import { IconPlus, IconSend } from '@tabler/icons-react'
import { Link } from 'react-router'
import { useRead } from '../../../api/hooks.js'
import { useCan } from '../../../app/session.js'
import { Answer } from '../../../ui/answer.js'
import { type Column, DataTable } from '../../../ui/data-table.js'
import { EmptyState } from '../../../ui/empty-state.js'
import { Page } from '../../../ui/page.js'
import { StatusBadge } from '../../../ui/status-badge.js'
import { TimeText } from '../../../ui/texts.js'
import type { ListedActivation } from '../api.js'
import { AreaTabs } from '../area-tabs.js'
import { stateOf } from '../model/words.js'
import { activationPath, newPath } from '../paths.js'

const placeOf = ({ definition, live }: ListedActivation) => live ?? definition

const COLUMNS: readonly Column<ListedActivation>[] = [
  { key: 'id', title: 'Activation', value: ({ id }) => id, render: ({ id }) => id },
  {
    key: 'segment',
    title: 'Segment',
    value: (activation) => placeOf(activation)?.segment,
    render: (activation) => {
      const segment = placeOf(activation)?.segment
      return segment === '*' ? 'Everybody' : (segment ?? '–')
    },
  },
  {
    key: 'to',
    title: 'To',
    value: (activation) => placeOf(activation)?.destination,
    render: (activation) => {
      const place = placeOf(activation)
      return place === null ? (
        '–'
      ) : (
        <>
          {place.destination}
          <Text size="sm" c="dimmed">
            {place.object}
          </Text>
        </>
      )
    },
  },
  {
    key: 'state',
    title: 'Status',
    value: stateOf,
    render: (activation) => (
      <Group gap={6}>
        <StatusBadge status={stateOf(activation)} />
        {activation.live !== null && activation.state !== 'published' && (
          <StatusBadge status={activation.state} />
        )}
      </Group>
    ),
  },
  {
    key: 'trigger',
    title: 'Runs',
    minor: true,
    value: ({ live }) => live?.trigger,
    render: ({ live }) => live?.trigger ?? 'when it is published',
  },
  {
    key: 'lastAt',
    title: 'Last run',
    value: ({ live }) => live?.lastAt,
    render: ({ live }) => (live?.lastAt ? <TimeText at={live.lastAt} /> : 'never'),
  },
]

/** The list, or what activations are good for. */
export function ActivationList() {
  const activations = useRead('/api/v1/activations', undefined, { everyMs: 10_000 })
  const allowed = useCan('marketer')
  const create = (
    <Button component={Link} to={newPath()} leftSection={<IconPlus size={16} aria-hidden />}>
      New activation
    </Button>
  )
  return (
    <Page
      title="Activations"
      description="Segments that are kept in step with the tools you work with. Nothing is sent before you can see what would be."
      actions={allowed && create}
    >
      <AreaTabs />
      <Answer of={activations} what="the activations">
        {({ activations }) => (
          <DataTable
            label="Activations"
            columns={COLUMNS}
            rows={activations}
            rowKey={({ id }) => id}
            rowTo={({ id }) => activationPath(id)}
            search="Find an activation"
            order={{ column: 'id', descending: false }}
            empty={
              <EmptyState title="No activations yet" icon={<IconSend size={36} stroke={1.4} aria-hidden />}>
                An activation keeps a segment in step with a tool: a mailing tool, a database, an ad audience.
                You choose who is sent, where, and what of them; a dry run shows what would happen.
              </EmptyState>
            }
          />
        )}
      </Answer>
    </Page>
  )
}
