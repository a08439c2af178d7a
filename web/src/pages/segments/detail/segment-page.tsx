/** One segment: how many, who, since when, what it shares with others, why somebody is in it, and what depends on it. */
import { Button, Menu, Tabs } from '@mantine/core'
import { IconChevronDown, IconPencil, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { Link, useNavigate, useParams, useSearchParams } from 'react-router'
import { useRead } from '../../../api/hooks.js'
import { useCan } from '../../../app/session.js'
import { Answer } from '../../../ui/answer.js'
import { EmptyState } from '../../../ui/empty-state.js'
import { LoadingPage } from '../../../ui/loading.js'
import { Page } from '../../../ui/page.js'
import { Section } from '../../../ui/section.js'
import { TabList } from '../../../ui/tab-list.js'
import type { ListedSegment } from '../api.js'
import { StateBadge } from '../list/list-page.js'
import { Dependents, PublishDialog } from '../publish-dialog.js'
import { DefinitionTab } from './definition-tab.js'
import { DeleteDialog, useDelete } from './delete-segment.js'
import { HistoryTab } from './history-tab.js'
import { MembersTab } from './members-tab.js'
import { OverlapTab } from './overlap-tab.js'
import { Notices, SegmentFacts } from './segment-facts.js'
import { WhyTab } from './why-tab.js'

/** /segments/:id */
export function SegmentPage() {
  const { id = '' } = useParams()
  const segments = useRead('/api/v1/segments')
  return (
    <Answer of={segments} what="the segment" loading={<LoadingPage what="Reading the segment" />}>
      {({ segments: all }) => {
        const segment = all.find((each) => each.id === id)
        return segment === undefined ? <Gone id={id} /> : <SegmentView key={id} segment={segment} all={all} />
      }}
    </Answer>
  )
}

function Gone({ id }: { readonly id: string }) {
  return (
    <Page title="No such segment" above={ABOVE}>
      <EmptyState
        title={`There is no segment ${id}`}
        action={
          <Button component={Link} to="/segments">
            All segments
          </Button>
        }
      >
        It may have been taken out or renamed.
      </EmptyState>
    </Page>
  )
}

const ABOVE = [{ title: 'Segments', to: '/segments' }]

/** Tabs that show members, of now or before. */
const COUNTED: ReadonlySet<string> = new Set(['members', 'history', 'overlap'])

function SegmentView({
  segment,
  all,
}: {
  readonly segment: ListedSegment
  readonly all: readonly ListedSegment[]
}) {
  const [params, setParams] = useSearchParams()
  const [publishing, setPublishing] = useState(false)
  const isBuilder = useCan('marketer')
  const navigate = useNavigate()
  const remove = useDelete(segment)
  const tab = params.get('tab') ?? 'members'
  const isPublished = segment.state !== 'new'
  return (
    <Page
      title={segment.name}
      description={segment.description ?? undefined}
      above={ABOVE}
      mark={<StateBadge state={segment.state} />}
      actions={
        isBuilder && (
          <>
            <Menu position="bottom-end">
              <Menu.Target>
                <Button variant="default" rightSection={<IconChevronDown size={14} aria-hidden />}>
                  More
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item
                  leftSection={<IconTrash size={16} aria-hidden />}
                  disabled={segment.etag === null}
                  onClick={() => void remove.begin()}
                >
                  Delete
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
            <Button component={Link} to={`/activations/new?segment=${segment.id}`} variant="default">
              Send this segment …
            </Button>
            {segment.state !== 'published' && (
              <Button variant="default" onClick={() => setPublishing(true)}>
                Publish …
              </Button>
            )}
            <Button
              leftSection={<IconPencil size={16} aria-hidden />}
              onClick={() => void navigate(`/segments/${segment.id}/edit`)}
            >
              Edit
            </Button>
          </>
        )
      }
    >
      <Notices segment={segment} />
      <SegmentFacts segment={segment} />
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(value) => setParams(value === null ? {} : { tab: value }, { replace: true })}
      >
        <TabList mb="md" current={tab}>
          <Tabs.Tab value="members">Members</Tabs.Tab>
          <Tabs.Tab value="history">History</Tabs.Tab>
          <Tabs.Tab value="overlap">Overlap</Tabs.Tab>
          <Tabs.Tab value="why">Why</Tabs.Tab>
          <Tabs.Tab value="depends">What depends on it</Tabs.Tab>
          <Tabs.Tab value="yaml">Definition</Tabs.Tab>
        </TabList>
        <Tabs.Panel value={tab}>
          {isPublished && segment.evaluatedAt === null && COUNTED.has(tab) ? (
            <EmptyState title="Its members are not counted yet">
              They are counted with the refresh that runs or the next one; this page then shows them by
              itself.
            </EmptyState>
          ) : isPublished ? (
            <PublishedTab tab={tab} segment={segment} all={all} />
          ) : tab === 'yaml' ? (
            <DefinitionTab id={segment.id} />
          ) : (
            <EmptyState title="It is a draft">
              Nobody is in it yet: publish it, and its members are counted and kept up to date.
            </EmptyState>
          )}
        </Tabs.Panel>
      </Tabs>
      <DeleteDialog segment={segment} deletion={remove} />
      <PublishDialog segment={segment} opened={publishing} onClose={() => setPublishing(false)} />
    </Page>
  )
}

function PublishedTab(props: {
  readonly tab: string
  readonly segment: ListedSegment
  readonly all: readonly ListedSegment[]
}) {
  const { tab, segment, all } = props
  switch (tab) {
    case 'history':
      return <HistoryTab segment={segment.id} />
    case 'overlap':
      return <OverlapTab segment={segment} all={all} />
    case 'why':
      return <WhyTab segment={segment.id} />
    case 'depends':
      return (
        <Section title="What depends on it">
          <Dependents id={segment.id} isNew={false} />
        </Section>
      )
    case 'yaml':
      return <DefinitionTab id={segment.id} />
    default:
      return <MembersTab segment={segment.id} />
  }
}
