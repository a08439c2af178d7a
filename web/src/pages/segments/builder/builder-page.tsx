/** Opens the builder: on a segment, on a template, or on nothing. */
import { Button } from '@mantine/core'
import { Link, useLocation, useParams } from 'react-router'
import { useRead } from '../../../api/hooks.js'
import { useCan } from '../../../app/session.js'
import { Answer } from '../../../ui/answer.js'
import { EmptyState } from '../../../ui/empty-state.js'
import { LoadingPage } from '../../../ui/loading.js'
import { Page } from '../../../ui/page.js'
import { UnreadableFile } from '../../../ui/unreadable-file.js'
import type { Definition } from '../model/definition.js'
import { readDefinition } from '../model/read.js'
import { Builder } from './builder.js'

/** /segments/new, and /segments/:id/edit. */
export function BuilderPage() {
  const { id } = useParams()
  if (!useCan('marketer')) return <NotYours id={id} />
  return id === undefined ? <NewSegment /> : <EditSegment key={id} id={id} />
}

function NewSegment() {
  const location = useLocation()
  const vocabulary = useRead('/api/v1/vocabulary')
  const given: unknown = location.state?.definition
  const definition = isDefinition(given) ? given : { name: '', who: { all: [] } }
  return (
    <Answer
      of={vocabulary}
      what="what segments can speak of"
      loading={<LoadingPage what="Opening the builder" />}
    >
      {(names) => (
        <Builder
          key={location.key}
          vocabulary={names}
          document={undefined}
          first={readDefinition(definition)}
          published={undefined}
        />
      )}
    </Answer>
  )
}

function EditSegment({ id }: { readonly id: string }) {
  const vocabulary = useRead('/api/v1/vocabulary')
  const document = useRead('/api/v1/segments/{id}', { params: { path: { id } } })
  const segments = useRead('/api/v1/segments')
  return (
    <Answer
      of={vocabulary}
      what="what segments can speak of"
      loading={<LoadingPage what="Opening the builder" />}
    >
      {(names) => (
        <Answer of={document} what="the segment" loading={<LoadingPage what="Opening the segment" />}>
          {(found) =>
            found.definition === null ? (
              <UnreadableFile
                title={id}
                above={[{ title: 'Segments', to: '/segments' }]}
                isNo="no segment"
                text={found.text}
                problems={found.problems}
              />
            ) : (
              <Builder
                vocabulary={names}
                document={found}
                first={readDefinition(found.definition as unknown as Definition)}
                published={segments.data?.segments.find((segment) => segment.id === id)?.size}
              />
            )
          }
        </Answer>
      )}
    </Answer>
  )
}

function NotYours({ id }: { readonly id: string | undefined }) {
  return (
    <Page title="Segments are built by marketers" above={[{ title: 'Segments', to: '/segments' }]}>
      <EmptyState
        title="Your role reads segments"
        action={
          <Button component={Link} to={id === undefined ? '/segments' : `/segments/${id}`} variant="default">
            Show {id === undefined ? 'the segments' : 'the segment'}
          </Button>
        }
      >
        To build or change one, ask an admin of the workspace for the role marketer.
      </EmptyState>
    </Page>
  )
}

function isDefinition(value: unknown): value is Definition {
  return typeof value === 'object' && value !== null && 'name' in value && 'who' in value
}
