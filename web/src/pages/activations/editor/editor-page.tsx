/** Opens the editor: on an activation, or on a new one for what the address names. */
import { useLocation, useParams, useSearchParams } from 'react-router'
import { useRead } from '../../../api/hooks.js'
import { useCan } from '../../../app/session.js'
import { Answer } from '../../../ui/answer.js'
import { useOpened } from '../../../ui/draft/use-opened.js'
import { ForMarketers } from '../../../ui/for-marketers.js'
import { LoadingPage } from '../../../ui/loading.js'
import { UnreadableFile } from '../../../ui/unreadable-file.js'
import { blankDefinition, type Definition } from '../model/definition.js'
import { activationPath } from '../paths.js'
import { Editor } from './editor.js'
import { parked } from './parked.js'

const ABOVE = [{ title: 'Activations', to: '/activations' }]

/** /activations/new?segment=…&destination=…, and /activations/:id/edit. */
export function EditorPage() {
  const { id } = useParams()
  if (!useCan('marketer')) return <NotYours id={id} />
  return id === undefined ? <NewActivation /> : <EditActivation key={id} id={id} />
}

function NewActivation() {
  const [params] = useSearchParams()
  const { key } = useLocation()
  const activations = useRead('/api/v1/activations')
  const vocabulary = useRead('/api/v1/vocabulary')
  const named = blankDefinition(params.get('segment') ?? '', params.get('destination') ?? '')
  return (
    <Answer
      of={vocabulary}
      what="what is known of people"
      loading={<LoadingPage what="Opening the editor" />}
    >
      {(known) => (
        <Answer of={activations} what="the activations" loading={<LoadingPage what="Opening the editor" />}>
          {({ activations: all }) => (
            <Editor
              key={key}
              id={undefined}
              state="new"
              taken={all.map((activation) => activation.id)}
              vocabulary={known}
              kept={{ etag: null, definition: named }}
              first={resumed(undefined, params)}
            />
          )}
        </Answer>
      )}
    </Answer>
  )
}

function EditActivation({ id }: { readonly id: string }) {
  const [params] = useSearchParams()
  const { state } = useLocation()
  const vocabulary = useRead('/api/v1/vocabulary')
  const document = useOpened(id, useRead('/api/v1/activations/{id}', { params: { path: { id } } }))
  return (
    <Answer
      of={vocabulary}
      what="what is known of people"
      loading={<LoadingPage what="Opening the editor" />}
    >
      {(known) => (
        <Answer of={document} what="the activation" loading={<LoadingPage what="Opening the activation" />}>
          {(found) =>
            found.definition === null ? (
              <UnreadableFile
                title={id}
                above={ABOVE}
                isNo="no activation"
                text={found.text}
                problems={found.problems}
              />
            ) : (
              <Editor
                id={id}
                state={found.state}
                taken={[]}
                vocabulary={known}
                kept={{ etag: found.etag, definition: found.definition as Definition }}
                first={resumed(id, params)}
                publishes={state?.publishes === true}
              />
            )
          }
        </Answer>
      )}
    </Answer>
  )
}

/** The edit that was set aside while a destination was connected, with that destination. */
function resumed(id: string | undefined, params: URLSearchParams): Definition | undefined {
  const before = params.has('resume') ? parked(id) : undefined
  const destination = params.get('destination')
  if (before === undefined || destination === null || destination === before.destination) return before
  return { ...before, destination, object: '' }
}

function NotYours({ id }: { readonly id: string | undefined }) {
  return (
    <ForMarketers
      title="Activations are made by marketers"
      above={ABOVE}
      things="activations"
      act="make or change one"
      to={id === undefined ? '/activations' : activationPath(id)}
      show={id === undefined ? 'Show the activations' : 'Show the activation'}
    />
  )
}
