/** What the rows of one stream say of people, tried on real rows while it is edited. */
import { Button, Group } from '@mantine/core'
import { IconMap } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { Link, useParams } from 'react-router'
import { useRead } from '../../../api/hooks.js'
import { useCan } from '../../../app/session.js'
import { useOpened } from '../../../ui/draft/use-opened.js'
import { EmptyState } from '../../../ui/empty-state.js'
import { ErrorState, Problems } from '../../../ui/error-state.js'
import { LoadingPage } from '../../../ui/loading.js'
import { Page } from '../../../ui/page.js'
import { StatusBadge } from '../../../ui/status-badge.js'
import { emptyMapping, type Mapping } from '../model/mapping.js'
import { ownColumns } from '../model/own-columns.js'
import { mappingPath, sourcePath } from '../paths.js'
import { MappingEditor } from './mapping-editor.js'

/** One mapping of a stream, by the address or the only one there is; a new one where there is none. */
export function MappingPage() {
  const { id: source = '', stream = '', '*': wanted = '' } = useParams()
  const canEdit = useCan('marketer')
  const name = `${source}.${stream}`
  const streams = useRead('/api/v1/sources/{id}/streams', { params: { path: { id: source } } })
  const mappings = useRead('/api/v1/mappings')
  const rounds = useRead('/api/v1/refresh', { params: { query: { limit: 1 } } })
  // Before the first refresh there is nothing that segments could speak of.
  const isRefreshed = rounds.data !== undefined && rounds.data.rounds.length > 0
  const vocabulary = useRead('/api/v1/vocabulary', {}, { enabled: isRefreshed })
  // The first refresh may end while somebody edits: its names are waited for only before the form is there.
  const isWaiting = rounds.isPending || (isRefreshed && vocabulary.isPending)
  const [isOpen, setOpen] = useState(false)
  useEffect(() => {
    if (!isWaiting) setOpen(true)
  }, [isWaiting])
  const own = mappings.data?.mappings.filter((mapping) => mapping.stream === name) ?? []
  const current = own.find(({ id }) => id === wanted) ?? (wanted === '' ? own[0] : undefined)
  const id = current?.id ?? ''
  const document = useOpened(
    id,
    useRead('/api/v1/mappings/{id}', { params: { path: { id } } }, { enabled: current !== undefined }),
  )
  const loaded = streams.data?.streams.find((each) => each.name === stream)
  const error = streams.error ?? mappings.error ?? document.error
  const frame = {
    title: `What ${stream} says of people`,
    description: 'Which columns tell who somebody is, what is known of them, and what happened.',
    above: [
      { title: 'Sources', to: '/sources' },
      { title: source, to: sourcePath(source) },
    ],
  }
  if (
    error !== null &&
    (streams.data === undefined || mappings.data === undefined || document.data === undefined)
  )
    return (
      <Page {...frame}>
        <ErrorState
          error={error}
          title="Could not read the mapping"
          retry={() => void Promise.all([streams, mappings, document].map((read) => read.refetch()))}
        />
      </Page>
    )
  if (
    streams.data === undefined ||
    mappings.data === undefined ||
    (!isOpen && isWaiting) ||
    (current !== undefined && document.data === undefined)
  )
    return (
      <Page {...frame}>
        <LoadingPage what="Reading the mapping" />
      </Page>
    )
  if (loaded === undefined)
    return (
      <Page {...frame}>
        <EmptyState
          title="Nothing of this stream is loaded yet"
          icon={<IconMap size={32} stroke={1.4} aria-hidden />}
          action={
            <Button component={Link} to={sourcePath(source)}>
              To the source
            </Button>
          }
        >
          Sync the source first: then its columns and real rows are here to map.
        </EmptyState>
      </Page>
    )
  if (document.data !== undefined && document.data.definition === null)
    return (
      <Page {...frame}>
        <EmptyState title="The file of this mapping has errors">
          No form can show it; an engineer repairs it.
          <Problems problems={document.data.problems} />
        </EmptyState>
      </Page>
    )
  return (
    <Page
      {...frame}
      key={`${name}/${current?.id ?? ''}`}
      mark={<StatusBadge status={current?.state ?? 'new'} {...(current === undefined && { label: 'New' })} />}
      actions={
        own.length > 1 && (
          <Group gap="xs">
            {own.map(({ id }) => (
              <Button
                key={id}
                component={Link}
                to={mappingPath(source, stream, id)}
                size="xs"
                variant={id === current?.id ? 'filled' : 'default'}
                aria-current={id === current?.id ? 'page' : undefined}
              >
                {id}
              </Button>
            ))}
          </Group>
        )
      }
    >
      <MappingEditor
        id={current?.id}
        state={current?.state ?? 'new'}
        kept={{
          etag: document.data?.etag ?? null,
          definition: (document.data?.definition as Mapping | undefined) ?? emptyMapping(name),
        }}
        columns={ownColumns(loaded.columns)}
        identifierTypes={[
          ...new Set([
            ...(vocabulary.data?.identifiers ?? []),
            ...mappings.data.mappings.flatMap(({ identifiers }) => identifiers),
          ]),
        ]}
        canEdit={canEdit}
      />
    </Page>
  )
}
