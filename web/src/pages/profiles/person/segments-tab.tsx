/** The segments that somebody is in: since when, what brought them there, and why. */
import { Anchor, Button } from '@mantine/core'
import { Link } from 'react-router'
import { type Column, DataTable } from '../../../ui/data-table.js'
import { EmptyState } from '../../../ui/empty-state.js'
import { TimeText } from '../../../ui/texts.js'
import type { Person } from '../api.js'

type Membership = Person['segments'][number]

const CAUSES: Readonly<Record<Membership['cause'], string>> = {
  definition: 'the segment was made or edited',
  identity: 'profiles were merged or split',
  data: 'new data',
  time: 'time went on',
}

/** The tab. */
export function SegmentsTab({ person }: { readonly person: Person }) {
  return (
    <DataTable
      label="Segments of this person"
      search="Find a segment"
      columns={columnsFor(person.profile)}
      rows={person.segments}
      rowKey={({ segment }) => segment}
      empty={
        <EmptyState
          title="In no segment"
          action={
            <Button component={Link} to="/segments" variant="default">
              All segments
            </Button>
          }
        >
          Open a segment you expect, and see under “Why” what keeps this person out of it.
        </EmptyState>
      }
    />
  )
}

function columnsFor(profile: string): readonly Column<Membership>[] {
  return [
    {
      key: 'name',
      title: 'Segment',
      value: ({ name, segment }) => `${name} ${segment}`,
      render: ({ name, segment }) => (
        <Anchor component={Link} to={`/segments/${segment}`} fw={550}>
          {name}
        </Anchor>
      ),
    },
    {
      key: 'since',
      title: 'Since',
      value: ({ since }) => since,
      render: ({ since }) => <TimeText at={since} as="exact" />,
    },
    {
      key: 'cause',
      title: 'Because',
      value: ({ cause }) => CAUSES[cause],
      render: ({ cause }) => CAUSES[cause],
    },
    {
      key: 'why',
      title: 'Why',
      render: ({ segment, name }) => (
        <Anchor
          component={Link}
          to={`/segments/${segment}?tab=why&person=${profile}`}
          aria-label={`Show the facts: why they are in ${name}`}
        >
          Show the facts
        </Anchor>
      ),
    },
  ]
}
