/** One source: how it does, what it holds, how it is set. */
import { Tabs } from '@mantine/core'
import { useNavigate, useParams } from 'react-router'
import { useRead } from '../../../api/hooks.js'
import { useCan } from '../../../app/session.js'
import { ErrorState } from '../../../ui/error-state.js'
import { LoadingPage } from '../../../ui/loading.js'
import { Page } from '../../../ui/page.js'
import { StatusBadge } from '../../../ui/status-badge.js'
import { TimeText } from '../../../ui/texts.js'
import type { SourceLine } from '../api.js'
import { statusOfSource } from '../model/source-status.js'
import { sourcePath } from '../paths.js'
import { RejectsTab } from './rejects-tab.js'
import { SettingsTab } from './settings-tab.js'
import { SourceActions } from './source-actions.js'
import { StreamsTab } from './streams-tab.js'
import { YamlTab } from './yaml-tab.js'

const ABOVE = [{ title: 'Sources', to: '/sources' }]
const TABS = [
  { value: 'streams', title: 'Streams and runs' },
  { value: 'settings', title: 'Settings' },
  { value: 'rejects', title: 'Rejects' },
  { value: 'file', title: 'File' },
] as const
/** Has the source's own address. */
const FIRST = 'streams'

/** The tabs are addresses of their own. */
export function SourcePage() {
  const { id = '', '*': tab = '' } = useParams()
  const status = useRead('/api/v1/sources/{id}/status', { params: { path: { id } } })
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

function Found({ source, tab }: { readonly source: SourceLine; readonly tab: string }) {
  const navigate = useNavigate()
  const isOperator = useCan('operator')
  const { id } = source
  const tabs = TABS.filter(({ value }) => isOperator || value !== 'rejects')
  const current = tabs.find(({ value }) => value === tab)?.value ?? FIRST
  return (
    <Page
      title={id}
      above={ABOVE}
      mark={<StatusBadge status={statusOfSource(source)} />}
      description={<About source={source} />}
      actions={<SourceActions source={source} />}
    >
      <Tabs
        value={current}
        onChange={(value) =>
          void navigate(sourcePath(id, value === FIRST ? '' : (value ?? '')), { replace: true })
        }
        keepMounted={false}
      >
        <Tabs.List aria-label={`Parts of ${id}`}>
          {tabs.map(({ value, title }) => (
            <Tabs.Tab key={value} value={value}>
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={FIRST} pt="lg">
          <StreamsTab source={source} />
        </Tabs.Panel>
        <Tabs.Panel value="settings" pt="lg">
          <SettingsTab id={id} />
        </Tabs.Panel>
        <Tabs.Panel value="rejects" pt="lg">
          <RejectsTab id={id} />
        </Tabs.Panel>
        <Tabs.Panel value="file" pt="lg">
          <YamlTab id={id} />
        </Tabs.Panel>
      </Tabs>
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
