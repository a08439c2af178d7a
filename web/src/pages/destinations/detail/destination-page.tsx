/** One destination: how it is set, what it can hold, what sends to it. */
import { Button } from '@mantine/core'
import { Link, useNavigate, useParams } from 'react-router'
import { useForget, useRead } from '../../../api/hooks.js'
import { useCan } from '../../../app/session.js'
import { Answer } from '../../../ui/answer.js'
import { Unpublished } from '../../../ui/draft/unpublished.js'
import { EmptyState } from '../../../ui/empty-state.js'
import { LoadingPage } from '../../../ui/loading.js'
import { notifyDone } from '../../../ui/notify.js'
import { Page } from '../../../ui/page.js'
import { StatusBadge } from '../../../ui/status-badge.js'
import { TabAddresses } from '../../../ui/tab-addresses.js'
import { type ListedDestination, publishDestination } from '../api.js'
import { destinationPath } from '../paths.js'
import { FileTab } from './file-tab.js'
import { ObjectsTab } from './objects-tab.js'
import { SendersTab } from './senders-tab.js'
import { SettingsTab } from './settings-tab.js'

const ABOVE = [{ title: 'Destinations', to: '/destinations' }]

/** The tabs are addresses of their own. */
export function DestinationPage() {
  const { id = '', '*': tab = '' } = useParams()
  const destinations = useRead('/api/v1/destinations')
  return (
    <Answer of={destinations} what="the destination" loading={<LoadingPage what="Reading the destination" />}>
      {({ destinations }) => {
        const destination = destinations.find((each) => each.id === id)
        return destination === undefined ? (
          <Gone id={id} />
        ) : (
          <Found key={id} destination={destination} tab={tab} />
        )
      }}
    </Answer>
  )
}

function Gone({ id }: { readonly id: string }) {
  return (
    <Page title="No such destination" above={ABOVE}>
      <EmptyState
        title={`There is no destination ${id}`}
        action={
          <Button component={Link} to="/destinations">
            All destinations
          </Button>
        }
      >
        It may have been removed or renamed.
      </EmptyState>
    </Page>
  )
}

interface FoundProps {
  readonly destination: ListedDestination
  readonly tab: string
}

function Found({ destination, tab }: FoundProps) {
  const { id, state, title, connector } = destination
  const allowed = useCan('marketer')
  const tabs = [
    { value: 'settings', title: 'Settings', content: <SettingsTab destination={destination} /> },
    // It is asked with the destination's own credentials, which is no look any more.
    ...(allowed ? [{ value: 'objects', title: 'What it can hold', content: <ObjectsTab id={id} /> }] : []),
    { value: 'activations', title: 'Activations', content: <SendersTab destination={destination} /> },
    { value: 'file', title: 'File', content: <FileTab id={id} /> },
  ]
  return (
    <Page
      title={id}
      above={ABOVE}
      mark={<StatusBadge status={state} />}
      description={
        title ?? (connector === null ? 'Its file has errors' : `${connector}, which is not installed`)
      }
    >
      <Difference destination={destination} />
      <TabAddresses
        label={`Parts of ${id}`}
        tabs={tabs}
        current={tab}
        addressOf={(tab) => destinationPath(id, tab)}
      />
    </Page>
  )
}

const WORDS = {
  new: 'Nobody has published this destination yet, so nothing can be sent to it.',
  changed: 'Its settings were changed, and the change is not published: activations send as before.',
  removed: 'Its file was deleted, and that is not published: activations send as before.',
}

function Difference({ destination: { id, state } }: Pick<FoundProps, 'destination'>) {
  const allowed = useCan('marketer')
  const forget = useForget()
  const navigate = useNavigate()
  if (state === 'published') return null
  const publish = async () => {
    await publishDestination(id)
    if (state === 'removed') await navigate('/destinations')
    await forget('/api/v1/')
    notifyDone(state === 'removed' ? `${id} is removed.` : `${id} is published.`)
  }
  return <Unpublished id={id} state={state} words={WORDS} {...(allowed && { publish })} />
}
