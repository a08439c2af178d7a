/** One segment: how many, who, since when, what it shares with others, why somebody is in it, and what depends on it. */
import { Alert, Anchor, Button, Grid, Group, Menu, Paper, Stack, Tabs, Text } from '@mantine/core'
import { IconChevronDown, IconPencil, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { Link, useNavigate, useParams, useSearchParams } from 'react-router'
import { useForget, useRead } from '../../../api/hooks.js'
import { restoreFile } from '../../../api/restore-file.js'
import { useCan } from '../../../app/session.js'
import { Answer } from '../../../ui/answer.js'
import { CodeBlock } from '../../../ui/code-block.js'
import { EmptyState } from '../../../ui/empty-state.js'
import { Problems } from '../../../ui/error-state.js'
import { LoadingPage } from '../../../ui/loading.js'
import { notifyFailed, notifyUndo } from '../../../ui/notify.js'
import { Page } from '../../../ui/page.js'
import { Section } from '../../../ui/section.js'
import { NumberText, TimeText } from '../../../ui/texts.js'
import type { ListedSegment } from '../api.js'
import { deleteSegment, readSegment, type SegmentDocument, saveSegment } from '../builder/save.js'
import { StateBadge } from '../list/list-page.js'
import type { Definition } from '../model/definition.js'
import { Dependents, PublishDialog } from '../publish-dialog.js'
import { HistoryTab } from './history-tab.js'
import { MembersTab } from './members-tab.js'
import { OverlapTab } from './overlap-tab.js'
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
  const remove = useRemove(segment)
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
                  onClick={() => void remove()}
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
      <Facts segment={segment} />
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(value) => setParams(value === null ? {} : { tab: value }, { replace: true })}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="members">Members</Tabs.Tab>
          <Tabs.Tab value="history">History</Tabs.Tab>
          <Tabs.Tab value="overlap">Overlap</Tabs.Tab>
          <Tabs.Tab value="why">Why</Tabs.Tab>
          <Tabs.Tab value="depends">What depends on it</Tabs.Tab>
          <Tabs.Tab value="yaml">Definition</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value={tab}>
          {isPublished && segment.evaluatedAt === null && COUNTED.has(tab) ? (
            <EmptyState title="Its members are not counted yet">
              They are with the next refresh; this page then shows them by itself.
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

function Notices({ segment }: { readonly segment: ListedSegment }) {
  return (
    <>
      {segment.error !== null && (
        <Alert color="yellow" variant="default" title="Not up to date" role="alert">
          It keeps the members it had last: {segment.error}. Once the reason is gone, the next refresh brings
          it up to date.
        </Alert>
      )}
      {segment.state === 'changed' && (
        <Alert variant="default" title="A draft differs from what is published">
          What you see in words is the draft; members, history and overlap are those of what is published.
        </Alert>
      )}
      {segment.state === 'removed' && (
        <Alert variant="default" title="Its draft was deleted">
          It is still refreshed and sent. Publish the deletion to take it out, or edit it to keep it.
        </Alert>
      )}
    </>
  )
}

function Facts({ segment }: { readonly segment: ListedSegment }) {
  return (
    <Grid>
      <Grid.Col span={{ base: 12, sm: 3 }}>
        <Paper p="md" h="100%">
          <Text size="sm" c="dimmed">
            People
          </Text>
          <Text fz="1.75rem" fw={650} lh={1.2}>
            <NumberText value={segment.size} />
          </Text>
          <Text size="sm" c="dimmed">
            {segment.evaluatedAt === null ? (
              'not counted yet'
            ) : (
              <>
                counted <TimeText at={segment.evaluatedAt} />
              </>
            )}
          </Text>
        </Paper>
      </Grid.Col>
      <Grid.Col span={{ base: 12, sm: 9 }}>
        <Paper p="md" h="100%">
          <Text size="sm" c="dimmed">
            Who they are
          </Text>
          <Text>{segment.sentence ?? 'The draft is not complete yet.'}</Text>
          {segment.activations.length > 0 && (
            <Group gap={8} mt={6}>
              <Text size="sm" c="dimmed">
                Sent by
              </Text>
              {segment.activations.map((activation) => (
                <Anchor key={activation} size="sm" component={Link} to={`/activations/${activation}`}>
                  {activation}
                </Anchor>
              ))}
            </Group>
          )}
        </Paper>
      </Grid.Col>
    </Grid>
  )
}

function DefinitionTab({ id }: { readonly id: string }) {
  const answer = useRead('/api/v1/segments/{id}', { params: { path: { id } } })
  return (
    <Answer of={answer} what="the definition">
      {({ text, problems, path }) => (
        <Stack>
          <Problems problems={problems} />
          <CodeBlock label={`The file ${path}`} text={text} />
        </Stack>
      )}
    </Answer>
  )
}

/** Deletes the draft, with a way back. What is published stays until the deletion is published. */
function useRemove(segment: ListedSegment): () => Promise<void> {
  const forget = useForget()
  const navigate = useNavigate()
  const keepsText = useCan('operator')
  return async () => {
    try {
      const before = await readSegment(segment.id)
      if (before.etag === null) return
      await deleteSegment(segment.id, before.etag)
      await forget('/api/v1/segments', '/api/v1/workspace')
      notifyUndo({
        message: `${segment.name} was deleted${segment.state === 'new' ? '' : ' as a draft'}`,
        undone: `${segment.name} is back`,
        undo: async () => {
          await restore(before, keepsText)
          await forget('/api/v1/segments', '/api/v1/workspace')
        },
      })
      if (segment.state === 'new') await navigate('/segments')
    } catch (error) {
      notifyFailed(`Could not delete ${segment.name}`, error)
    }
  }
}

/** Byte for byte where the role writes files; else its meaning, without an engineer's comments. */
async function restore(before: SegmentDocument, keepsText: boolean): Promise<void> {
  if (keepsText || before.definition === null) {
    await restoreFile(before)
    return
  }
  await saveSegment(before.id, before.definition as unknown as Definition, null)
}
