/** One source: how it does, what it holds, how it is set. */
import { Button } from '@mantine/core'
import { lazy, useEffect } from 'react'
import { Link, useParams } from 'react-router'
import { isMissing } from '../../../api/api-error.js'
import { useRead } from '../../../api/hooks.js'
import { useCan } from '../../../app/session.js'
import { EmptyState } from '../../../ui/empty-state.js'
import { ErrorState } from '../../../ui/error-state.js'
import { LoadingPage } from '../../../ui/loading.js'
import { Page } from '../../../ui/page.js'
import { beginForm } from '../../../ui/schema-form/form-on-demand.js'
import { StatusBadge } from '../../../ui/status-badge.js'
import { TabAddresses } from '../../../ui/tab-addresses.js'
import { TimeText } from '../../../ui/texts.js'
import type { SourceLine } from '../api.js'
import { statusOfSource } from '../model/source-status.js'
import { sourcePath } from '../paths.js'
import { SourceActions } from './source-actions.js'
import { YamlTab } from './yaml-tab.js'

// Each is fetched by those who open it: forms and tables together are a lot.
const fetchStreams = () => import('./streams-tab.js')
const fetchSettings = () => import('./settings-tab.js')
const fetchRejects = () => import('./rejects-tab.js')
const StreamsTab = lazy(async () => ({ default: (await fetchStreams()).StreamsTab }))
const SettingsTab = lazy(async () => ({ default: (await fetchSettings()).SettingsTab }))
const RejectsTab = lazy(async () => ({ default: (await fetchRejects()).RejectsTab }))

/**
 * What a tab needs is fetched while the source's state is still asked for: its code, and what the form of the settings is made
 * from. What fails is told when the tab shows.
 */
function useBegin(id: string, tab: string): void {
  const isForm = tab === 'settings'
  useEffect(() => {
    const fetchTab = isForm ? fetchSettings : tab === 'rejects' ? fetchRejects : fetchStreams
    fetchTab().catch(() => undefined)
    if (isForm) beginForm()
  }, [isForm, tab])
  const draft = useRead('/api/v1/sources/{id}', { params: { path: { id } } }, { enabled: isForm })
  const name = draft.data?.definition?.connector
  useRead(
    '/api/v1/connectors/{name}/spec',
    { params: { path: { name: name ?? '' } } },
    { enabled: isForm && name !== undefined },
  )
}

const ABOVE = [{ title: 'Sources', to: '/sources' }]

/** The tabs are addresses of their own. */
export function SourcePage() {
  const { id = '', '*': tab = '' } = useParams()
  useBegin(id, tab)
  const status = useRead('/api/v1/sources/{id}/status', { params: { path: { id } } })
  if (isMissing(status.error)) return <Gone id={id} />
  if (status.data === undefined)
    return (
      <Page title={id} above={ABOVE}>
        {status.error === null ? (
          <LoadingPage what={`Reading the source ${id}`} />
        ) : (
          <ErrorState
            error={status.error}
            title="Could not read the source"
            retry={() => void status.refetch()}
          />
        )}
      </Page>
    )
  return <Found key={id} source={status.data} tab={tab} />
}

function Gone({ id }: { readonly id: string }) {
  return (
    <Page title="No such source" above={ABOVE}>
      <EmptyState
        title={`There is no source ${id}`}
        action={
          <Button component={Link} to="/sources">
            All sources
          </Button>
        }
      >
        It may have been removed or renamed.
      </EmptyState>
    </Page>
  )
}

function Found({ source, tab }: { readonly source: SourceLine; readonly tab: string }) {
  const isOperator = useCan('operator')
  const { id } = source
  const tabs = [
    { value: 'streams', title: 'Streams and runs', content: <StreamsTab source={source} /> },
    { value: 'settings', title: 'Settings', content: <SettingsTab id={id} /> },
    ...(isOperator ? [{ value: 'rejects', title: 'Rejects', content: <RejectsTab id={id} /> }] : []),
    { value: 'file', title: 'File', content: <YamlTab id={id} /> },
  ]
  return (
    <Page
      title={id}
      above={ABOVE}
      mark={<StatusBadge status={statusOfSource(source)} />}
      description={<About source={source} />}
      actions={<SourceActions source={source} />}
    >
      <TabAddresses
        label={`Parts of ${id}`}
        tabs={tabs}
        current={tab}
        addressOf={(tab) => sourcePath(id, tab)}
      />
    </Page>
  )
}

function About({ source: { title, schedule, nextAt, paused } }: { readonly source: SourceLine }) {
  return (
    <>
      {title}, synced {schedule}
      {paused ? ', paused now' : ''}
      {nextAt !== null && (
        <>
          {' '}
          · next <TimeText at={nextAt} />
        </>
      )}
    </>
  )
}
