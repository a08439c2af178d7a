/** One person: who they are, what is known and from where, what they did, where they belong, and why they are one. */
import { Alert, Button, Tabs } from '@mantine/core'
import { IconArrowsJoin } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { Link, useParams, useSearchParams } from 'react-router'
import { isMissing } from '../../../api/api-error.js'
import { useRead } from '../../../api/hooks.js'
import { useCan } from '../../../app/session.js'
import { Answer } from '../../../ui/answer.js'
import { EmptyState } from '../../../ui/empty-state.js'
import { LoadingPage } from '../../../ui/loading.js'
import { Page } from '../../../ui/page.js'
import { TabList } from '../../../ui/tab-list.js'
import { sentenceOf } from '../../../ui/words.js'
import type { Person } from '../api.js'
import { labelOf } from '../parts/names.js'
import { rememberRecent } from '../search/recent.js'
import { IdentityTab } from './identity-tab.js'
import { MergeDialog } from './merge-dialog.js'
import classes from './person.module.css'
import { SegmentsTab } from './segments-tab.js'
import { SentTab } from './sent-tab.js'
import { TimelineTab } from './timeline-tab.js'
import { TraitsPanel } from './traits-panel.js'
import { WhoPanel } from './who-panel.js'

/** /profiles/:id */
export function PersonPage() {
  const { id = '' } = useParams()
  const answer = useRead('/api/v1/profiles/{id}', { params: { path: { id } } })
  if (isMissing(answer.error)) return <Gone message={answer.error.message} />
  return (
    <Answer of={answer} what="the profile" loading={<LoadingPage what="Reading the profile" />}>
      {(person) => <PersonView key={id} person={person} />}
    </Answer>
  )
}

const ABOVE = [{ title: 'Profiles', to: '/profiles' }]

function Gone({ message }: { readonly message: string }) {
  return (
    <Page title="No such person" above={ABOVE}>
      <EmptyState
        title="Nobody is known by this id"
        action={
          <Button component={Link} to="/profiles">
            Find a person
          </Button>
        }
      >
        {sentenceOf(message)}
      </EmptyState>
    </Page>
  )
}

function PersonView({ person }: { readonly person: Person }) {
  const [params, setParams] = useSearchParams()
  const [merging, setMerging] = useState(false)
  const maySteer = useCan('marketer')
  useEffect(() => rememberRecent(person.profile), [person.profile])
  const tab = params.get('tab') ?? 'timeline'
  return (
    <Page
      title={labelOf(person)}
      description={person.profile}
      above={ABOVE}
      actions={
        maySteer && (
          <Button
            variant="default"
            leftSection={<IconArrowsJoin size={16} aria-hidden />}
            onClick={() => setMerging(true)}
          >
            Merge with …
          </Button>
        )
      }
    >
      {person.redirectedFrom !== undefined && (
        <Alert variant="default" title={`${person.redirectedFrom} is part of ${person.profile} today`}>
          The two turned out to be one person; old ids lead here for ever.
        </Alert>
      )}
      <div className={classes.layout}>
        <div className={classes.side}>
          <WhoPanel person={person} />
          <TraitsPanel traits={person.traits} />
        </div>
        <Tabs
          value={tab}
          keepMounted={false}
          onChange={(value) => setParams(value === null ? {} : { tab: value }, { replace: true })}
        >
          <TabList mb="md" current={tab}>
            <Tabs.Tab value="timeline">Timeline</Tabs.Tab>
            <Tabs.Tab value="segments">Segments ({person.segments.length})</Tabs.Tab>
            <Tabs.Tab value="identity">Why one person</Tabs.Tab>
            <Tabs.Tab value="sent">Sent to</Tabs.Tab>
          </TabList>
          <Tabs.Panel value="timeline">
            <TimelineTab id={person.profile} />
          </Tabs.Panel>
          <Tabs.Panel value="segments">
            <SegmentsTab person={person} />
          </Tabs.Panel>
          <Tabs.Panel value="identity">
            <IdentityTab id={person.profile} />
          </Tabs.Panel>
          <Tabs.Panel value="sent">
            <SentTab id={person.profile} />
          </Tabs.Panel>
        </Tabs>
      </div>
      <MergeDialog person={person} opened={merging} onClose={() => setMerging(false)} />
    </Page>
  )
}
