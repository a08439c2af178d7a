/** Opens the builder: on a segment, on a template, or on nothing. */
import { Button } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { Link, useLocation, useParams } from 'react-router'
import { useRead } from '../../../api/hooks.js'
import { useCan } from '../../../app/session.js'
import { Answer } from '../../../ui/answer.js'
import { EmptyState } from '../../../ui/empty-state.js'
import { ForMarketers } from '../../../ui/for-marketers.js'
import { LoadingPage } from '../../../ui/loading.js'
import { Page } from '../../../ui/page.js'
import { UnreadableFile } from '../../../ui/unreadable-file.js'
import type { Vocabulary } from '../api.js'
import type { Definition } from '../model/definition.js'
import { readDefinition } from '../model/read.js'
import { Builder } from './builder.js'
import type { SegmentDocument } from './save.js'

/** /segments/new, and /segments/:id/edit. */
export function BuilderPage() {
  const { id } = useParams()
  if (!useCan('marketer')) return <NotYours id={id} />
  return id === undefined ? <NewSegment /> : <EditSegment key={id} id={id} />
}

function NewSegment() {
  const location = useLocation()
  const given: unknown = location.state?.definition
  const definition = isDefinition(given) ? given : { name: '', who: { all: [] } }
  return (
    <WithNames>
      {(names) => (
        <Builder
          key={location.key}
          vocabulary={names}
          document={undefined}
          first={readDefinition(definition)}
        />
      )}
    </WithNames>
  )
}

function EditSegment({ id }: { readonly id: string }) {
  const document = useRead('/api/v1/segments/{id}', { params: { path: { id } } })
  // What is open stays open, whatever becomes of the file meanwhile: nobody's work goes with it.
  const [opened, setOpened] = useState<SegmentDocument>()
  if (document.data?.definition != null && document.data !== opened) setOpened(document.data)
  return (
    <WithNames>
      {(names) =>
        opened === undefined ? (
          <Answer of={document} what="the segment" loading={<LoadingPage what="Opening the segment" />}>
            {({ text, problems }) => (
              <UnreadableFile
                title={id}
                above={[{ title: 'Segments', to: '/segments' }]}
                isNo="no segment"
                text={text}
                problems={problems}
              />
            )}
          </Answer>
        ) : (
          <Builder
            vocabulary={names}
            document={opened}
            first={readDefinition(opened.definition as unknown as Definition)}
          />
        )
      }
    </WithNames>
  )
}

/** Opens once it is known what conditions can speak of. */
function WithNames({ children }: { readonly children: (names: Vocabulary) => ReactNode }) {
  const vocabulary = useRead('/api/v1/vocabulary')
  return (
    <Answer
      of={vocabulary}
      what="what segments can speak of"
      loading={<LoadingPage what="Opening the builder" />}
    >
      {(names) => (names.stage === 'nothing_mapped' ? <NothingMapped /> : children(names))}
    </Answer>
  )
}

function NothingMapped() {
  return (
    <Page title="New segment" above={[{ title: 'Segments', to: '/segments' }]}>
      <EmptyState
        title="Nobody is known yet"
        action={
          <Button component={Link} to="/sources">
            To the sources
          </Button>
        }
      >
        A segment speaks of what your data says of people. Map the columns of a source to people first.
      </EmptyState>
    </Page>
  )
}

function NotYours({ id }: { readonly id: string | undefined }) {
  return (
    <ForMarketers
      title="Segments are built by marketers"
      above={[{ title: 'Segments', to: '/segments' }]}
      things="segments"
      act="build or change one"
      to={id === undefined ? '/segments' : `/segments/${id}`}
      show={id === undefined ? 'Show the segments' : 'Show the segment'}
    />
  )
}

function isDefinition(value: unknown): value is Definition {
  return typeof value === 'object' && value !== null && 'name' in value && 'who' in value
}
