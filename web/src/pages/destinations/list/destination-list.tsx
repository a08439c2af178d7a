/** All destinations: which tool each is, how its draft stands, and what sends to it. */
import { Anchor, Button, Group } from '@mantine/core'
import { IconPlugConnected, IconPlus } from '@tabler/icons-react'
import { Link } from 'react-router'
import { useRead } from '../../../api/hooks.js'
import { useCan } from '../../../app/session.js'
import { Answer } from '../../../ui/answer.js'
import { type Column, DataTable } from '../../../ui/data-table.js'
import { EmptyState } from '../../../ui/empty-state.js'
import { Page } from '../../../ui/page.js'
import { StatusBadge } from '../../../ui/status-badge.js'
import { AreaTabs } from '../../activations/area-tabs.js'
import { activationPath } from '../../activations/paths.js'
import type { ListedDestination } from '../api.js'
import { destinationPath } from '../paths.js'

const COLUMNS: readonly Column<ListedDestination>[] = [
  { key: 'id', title: 'Destination', value: ({ id }) => id, render: ({ id }) => id },
  {
    key: 'title',
    title: 'Tool',
    value: ({ title, connector }) => title ?? connector,
    render: ({ title, connector }) => title ?? connector ?? 'its file has errors',
  },
  {
    key: 'state',
    title: 'Status',
    value: ({ state }) => state,
    render: ({ state }) => <StatusBadge status={state} />,
  },
  {
    key: 'activations',
    title: 'Activations that send to it',
    value: ({ activations }) => activations.join(' '),
    render: ({ activations }) => <Senders activations={activations} />,
  },
]

/** The list, or the way to the first destination. */
export function DestinationList() {
  const destinations = useRead('/api/v1/destinations')
  const allowed = useCan('marketer')
  const add = allowed && (
    <Button component={Link} to="/destinations/new" leftSection={<IconPlus size={16} aria-hidden />}>
      Connect a destination
    </Button>
  )
  return (
    <Page
      title="Destinations"
      description="The tools that your segments are sent to. Connecting one sends nothing: an activation does, when you say so."
      actions={destinations.data !== undefined && destinations.data.destinations.length > 0 ? add : undefined}
    >
      <AreaTabs />
      <Answer of={destinations} what="the destinations">
        {({ destinations }) => (
          <DataTable
            label="Destinations"
            columns={COLUMNS}
            rows={destinations}
            rowKey={({ id }) => id}
            rowTo={({ id }) => destinationPath(id)}
            search="Find a destination"
            order={{ column: 'id', descending: false }}
            empty={
              <EmptyState
                title="No destinations yet"
                icon={<IconPlugConnected size={36} stroke={1.4} aria-hidden />}
                action={add}
              >
                Connect the tool that should get your segments: a mailing tool, a database, an ad account, a
                folder of files. You fill in a form and test it; nothing is sent by that.
                {!allowed && ' Ask somebody who may edit to connect the first one.'}
              </EmptyState>
            }
          />
        )}
      </Answer>
    </Page>
  )
}

function Senders({ activations }: Pick<ListedDestination, 'activations'>) {
  if (activations.length === 0) return 'none yet'
  return (
    <Group gap="4px 10px">
      {activations.map((activation) => (
        <Anchor key={activation} component={Link} to={activationPath(activation)} size="md">
          {activation}
        </Anchor>
      ))}
    </Group>
  )
}
