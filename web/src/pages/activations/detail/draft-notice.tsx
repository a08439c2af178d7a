/** The draft differs from what is published: says how, what is missing, and publishes it. */
import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import type { ReadData } from '../../../api/hooks.js'
import { useCan } from '../../../app/session.js'
import { Problems } from '../../../ui/error-state.js'
import { sentenceOf as asSentence } from '../../../ui/words.js'
import { PublishDialog } from '../editor/publish-dialog.js'
import { useObjects } from '../editor/use-objects.js'
import type { Definition } from '../model/definition.js'
import { type Gap, gapsOf } from '../model/gaps.js'

export type ActivationDocument = ReadData<'/api/v1/activations/{id}'>

const WORDS: Readonly<Record<ActivationDocument['state'], string>> = {
  published: '',
  new: 'Nobody has published this activation yet, so nothing is sent.',
  changed: 'It was changed, and the change is not published: it runs as before.',
  removed: 'Its file was deleted, and that is not published: it runs as before.',
}

/** Nothing where there is no difference. */
export function DraftNotice({ document }: { readonly document: ActivationDocument }) {
  const { id, state, problems, definition } = document
  const allowed = useCan('marketer')
  const navigate = useNavigate()
  const [publishing, setPublishing] = useState(false)
  const gaps = useGaps(document, allowed)
  const told = [...gaps, ...problems].map(({ message, remedy }) => ({ message: asSentence(message), remedy }))
  const isWrong = gaps.length > 0 || problems.some(({ severity }) => severity === 'error')
  if (state === 'published') return null
  return (
    <Alert variant="default" color="river" icon={<IconPencil aria-hidden />} title="Not published">
      <Stack gap="xs">
        <Group justify="space-between" gap="sm">
          <Text>{WORDS[state]}</Text>
          {allowed && (
            <Button size="xs" disabled={isWrong} onClick={() => setPublishing(true)}>
              {state === 'removed' ? 'Publish the removal …' : 'Publish …'}
            </Button>
          )}
        </Group>
        {told.length > 0 && (
          <>
            <Text>{isWrong ? 'Before it can be published:' : 'Look at this:'}</Text>
            <Problems problems={told} />
          </>
        )}
      </Stack>
      <PublishDialog
        id={id}
        definition={state === 'removed' ? null : (definition as Definition | null)}
        opened={publishing}
        onClose={() => setPublishing(false)}
        onPublished={() => {
          if (state === 'removed') void navigate('/activations')
        }}
      />
    </Alert>
  )
}

/** What the tool asks for and the draft lacks; the tool itself is asked, by those who may. */
function useGaps({ state, definition }: ActivationDocument, allowed: boolean): readonly Gap[] {
  const isDraft = allowed && definition !== null && (state === 'new' || state === 'changed')
  const objects = useObjects(isDraft ? definition.destination : '')
  if (!isDraft) return []
  const object = objects.data?.objects.find(({ name }) => name === definition.object)
  return gapsOf(definition as Definition, object, [])
}
