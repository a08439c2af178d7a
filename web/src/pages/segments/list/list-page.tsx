/** All segments: how many people, how it goes, what each says in words, and what needs a look. */
import { Anchor, Badge, Button, Group, Select, Text, Tooltip } from '@mantine/core'
import { IconAlertTriangle, IconPlus, IconUsersGroup } from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { useRead } from '../../../api/hooks.js'
import { useCan } from '../../../app/session.js'
import { Answer } from '../../../ui/answer.js'
import { type Column, DataTable } from '../../../ui/data-table.js'
import { EmptyState } from '../../../ui/empty-state.js'
import { Page } from '../../../ui/page.js'
import { Section } from '../../../ui/section.js'
import { NumberText, TimeText } from '../../../ui/texts.js'
import type { ListedSegment } from '../api.js'
import classes from './list-page.module.css'
import { TemplatesPanel } from './templates-panel.js'
import { TrendSpark } from './trend-spark.js'

const SHOWN = [
  { value: 'all', label: 'All' },
  { value: 'draft', label: 'With a draft' },
  { value: 'stale', label: 'Not up to date' },
]

/** /segments */
export function ListPage() {
  const segments = useRead('/api/v1/segments')
  const isBuilder = useCan('marketer')
  const [shown, setShown] = useState('all')
  return (
    <Page
      title="Segments"
      description="Groups of people by what they are and did. Counts are exact, and follow the data."
      actions={
        <>
          <Button component={Link} to="/segments/lists" variant="default">
            Lists
          </Button>
          {isBuilder && (
            <Button component={Link} to="/segments/new" leftSection={<IconPlus size={16} aria-hidden />}>
              New segment
            </Button>
          )}
        </>
      }
    >
      <Answer of={segments} what="the segments">
        {({ segments: all }) => (
          <DataTable
            label="Segments"
            search="Find a segment"
            columns={COLUMNS}
            rows={all.filter((segment) => isShown(segment, shown))}
            rowKey={({ id }) => id}
            rowTo={({ id }) => `/segments/${id}`}
            tools={
              <Select
                aria-label="Which segments"
                data={SHOWN}
                value={shown}
                allowDeselect={false}
                onChange={(value) => setShown(value ?? 'all')}
                w={160}
              />
            }
            empty={
              shown === 'all' ? (
                <FirstSegment isBuilder={isBuilder} />
              ) : (
                <EmptyState
                  title={shown === 'draft' ? 'No segment has a draft' : 'Every segment is up to date'}
                  action={
                    <Button variant="default" onClick={() => setShown('all')}>
                      Show all
                    </Button>
                  }
                />
              )
            }
          />
        )}
      </Answer>
      {isBuilder && (segments.data?.segments.length ?? 0) > 0 && (
        <Templates title="Begin with one of these" />
      )}
    </Page>
  )
}

function isShown({ state, error }: ListedSegment, shown: string): boolean {
  if (shown === 'draft') return state !== 'published'
  return shown === 'all' || error !== null
}

function FirstSegment({ isBuilder }: { readonly isBuilder: boolean }) {
  return (
    <>
      <EmptyState
        icon={<IconUsersGroup size={36} aria-hidden />}
        title="No segments yet"
        action={
          isBuilder && (
            <Button component={Link} to="/segments/new">
              Build the first one
            </Button>
          )
        }
      >
        A segment is a group of people: who spent more than 500 and has not come for 60 days, for one. It
        follows the data by itself, and can be sent to the tools you use.
        {!isBuilder && ' To build one, ask an admin for the role marketer.'}
      </EmptyState>
      {isBuilder && <Templates title="Or begin with one of these" />}
    </>
  )
}

/** Made of what people are known by; where nothing is mapped to people yet there are none. */
function Templates({ title }: { readonly title: string }) {
  const vocabulary = useRead('/api/v1/vocabulary')
  if (vocabulary.data === undefined) return null
  if (vocabulary.data.stage === 'nothing_mapped')
    return (
      <Text c="dimmed">
        Nobody is known yet: connect a{' '}
        <Anchor component={Link} to="/sources">
          source
        </Anchor>{' '}
        and map its columns to people first.
      </Text>
    )
  return (
    <Section title={title} bare>
      <TemplatesPanel vocabulary={vocabulary.data} />
    </Section>
  )
}

const COLUMNS: readonly Column<ListedSegment>[] = [
  {
    key: 'name',
    title: 'Segment',
    width: '22%',
    value: ({ name, id, description }) => `${name} ${id} ${description ?? ''}`,
    render: (segment) => (
      <Group gap={6} component="span" display="inline-flex">
        {segment.name}
        <StateBadge state={segment.state} />
      </Group>
    ),
  },
  {
    key: 'size',
    title: 'People',
    align: 'right',
    value: ({ size }) => size,
    render: ({ size }) => <NumberText value={size} />,
  },
  {
    key: 'trend',
    title: '30 days',
    render: ({ trend }) => <TrendSpark sizes={trend.map(({ size }) => size)} />,
    minor: true,
  },
  {
    key: 'sentence',
    title: 'Who they are',
    value: ({ sentence }) => sentence,
    render: ({ sentence }) => (
      <Text size="sm" className={classes.sentence}>
        {sentence ?? 'Not complete yet'}
      </Text>
    ),
  },
  {
    key: 'evaluatedAt',
    title: 'Counted',
    value: ({ evaluatedAt }) => evaluatedAt,
    render: ({ evaluatedAt, error }) => (
      <Group gap={6} wrap="nowrap" style={{ whiteSpace: 'nowrap' }}>
        <TimeText at={evaluatedAt} />
        {error !== null && (
          <Tooltip label={`Not up to date: ${error}`} multiline maw={420}>
            <IconAlertTriangle
              size={16}
              color="var(--tone-attention-mark)"
              aria-label={`Not up to date: ${error}`}
            />
          </Tooltip>
        )}
      </Group>
    ),
  },
]

const STATES: Readonly<Record<ListedSegment['state'], string | undefined>> = {
  published: undefined,
  new: 'draft',
  changed: 'draft differs',
  removed: 'deleted draft',
}

/** What waits to be published. */
export function StateBadge({ state }: { readonly state: ListedSegment['state'] }) {
  const word = STATES[state]
  if (word === undefined) return null
  return (
    <Badge size="sm" variant="default" tt="none" fw={500}>
      {word}
    </Badge>
  )
}
