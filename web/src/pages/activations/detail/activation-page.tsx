/** One activation: what it does, what it would do, what it did. */
import { Stack } from '@mantine/core'
import { useParams } from 'react-router'
import { isMissing } from '../../../api/api-error.js'
import { useRead } from '../../../api/hooks.js'
import { useSegmentNames } from '../../../api/use-segment-names.js'
import { Answer } from '../../../ui/answer.js'
import { CodeBlock } from '../../../ui/code-block.js'
import { Page } from '../../../ui/page.js'
import { StatusBadge } from '../../../ui/status-badge.js'
import { type ActivationStatus, planActivation } from '../api.js'
import { triggerWords } from '../model/trigger.js'
import { sentenceOf } from '../model/words.js'
import { Actions } from './actions.js'
import { type ActivationDocument, DraftNotice } from './draft-notice.js'
import { EditActions } from './edit-actions.js'
import { NoActivation } from './gone.js'
import { LiveParts } from './live-parts.js'
import { useDryRun } from './use-dry-run.js'

const ABOVE = [{ title: 'Activations', to: '/activations' }]

export function ActivationPage() {
  const { id = '' } = useParams()
  const document = useRead('/api/v1/activations/{id}', { params: { path: { id } } })
  const isLive = document.data !== undefined && document.data.state !== 'new'
  const status = useRead(
    '/api/v1/activations/{id}/status',
    { params: { path: { id } } },
    { everyMs: 3000, enabled: isLive },
  )
  const live = isLive ? status.data : undefined
  const nameOf = useSegmentNames()
  const dryRun = useDryRun(id, () => planActivation(id))
  if (document.data === undefined && isMissing(document.error)) return <NoActivation key={id} id={id} />
  return (
    <Page
      key={id}
      title={id}
      above={ABOVE}
      description={wordsOf(document.data, live, nameOf)}
      mark={document.data === undefined ? undefined : <Mark document={document.data} live={live} />}
      actions={
        document.data === undefined ? undefined : (
          <>
            <EditActions id={id} />
            {live !== undefined && <Actions status={live} dryRun={dryRun} />}
          </>
        )
      }
    >
      <Answer of={document} what="the activation">
        {(found) => (
          <Stack gap="lg">
            <DraftNotice document={found} />
            {isLive ? (
              <Answer of={status} what="how it does">
                {(activation) => <LiveParts status={activation} dryRun={dryRun} />}
              </Answer>
            ) : (
              <CodeBlock label="The activation as YAML" text={found.text} />
            )}
          </Stack>
        )}
      </Answer>
    </Page>
  )
}

/** What is published, or what the draft says where nothing is. */
function wordsOf(
  document: ActivationDocument | undefined,
  live: ActivationStatus | undefined,
  nameOf: (segment: string) => string,
) {
  if (live !== undefined) return sentenceOf(live, nameOf)
  if (document?.state !== 'new' || document.definition === null) return undefined
  const { definition } = document
  return sentenceOf({ ...definition, trigger: triggerWords(definition.trigger) }, nameOf)
}

function Mark(props: { readonly document: ActivationDocument; readonly live: ActivationStatus | undefined }) {
  const { document, live } = props
  if (document.state === 'new') return <StatusBadge status="new" />
  if (live === undefined) return null
  return <StatusBadge status={live.state === 'idle' ? (live.lastOutcome ?? 'never') : live.state} />
}
