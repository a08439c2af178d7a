/** Beside the form: what it does in a sentence, what is still missing, and the buttons. */
import { Alert, Button, Group, List, Paper, Stack, Text } from '@mantine/core'
import { useSegmentNames } from '../../../api/use-segment-names.js'
import { ErrorState } from '../../../ui/error-state.js'
import { formatCount } from '../../../ui/format.js'
import { sentenceOf } from '../../../ui/words.js'
import type { Definition } from '../model/definition.js'
import type { PlacedProblem } from '../model/gaps.js'
import { triggerWords } from '../model/trigger.js'
import { sentenceOf as wordsOfActivation } from '../model/words.js'

interface SidePanelProps {
  readonly definition: Definition
  readonly problems: readonly PlacedProblem[]
  /** Why it could not be checked or saved. */
  readonly failures: readonly { readonly title: string; readonly error: unknown }[]
  readonly busy: boolean
  readonly canSave: boolean
  readonly canPublish: boolean
  readonly onSave: () => void
  readonly onPublish: () => void
  /** Gives up what was edited; undefined: there is nothing to give up. */
  readonly onDiscard: (() => void) | undefined
}

export function SidePanel(props: SidePanelProps) {
  const { definition, problems, failures, busy, canSave, canPublish, onSave, onPublish, onDiscard } = props
  const { segment, destination, object } = definition
  const nameOf = useSegmentNames()
  const isSaid = segment !== '' && destination !== '' && object !== ''
  return (
    <Paper p="md">
      <Stack gap="sm">
        {isSaid && (
          <Text aria-live="polite">
            {wordsOfActivation({ ...definition, trigger: triggerWords(definition.trigger) }, nameOf)}
          </Text>
        )}
        <div role="status">
          {problems.length > 0 ? (
            <Alert
              color="yellow"
              variant="default"
              title={`${formatCount(problems.length, 'thing')} before it can be published`}
            >
              <List size="sm" spacing={4}>
                {problems.map(({ path, message }) => (
                  <List.Item key={`${path.join('.')} ${message}`}>{sentenceOf(message)}</List.Item>
                ))}
              </List>
            </Alert>
          ) : (
            <Text size="sm" c="dimmed">
              {canPublish ? 'Nothing is missing.' : 'It is as it is published.'}
            </Text>
          )}
        </div>
        {failures.map(({ title, error }) => (
          <ErrorState key={title} title={title} error={error} />
        ))}
        <Group justify="flex-end" gap="xs">
          {onDiscard !== undefined && (
            <Button variant="subtle" color="gray" onClick={onDiscard}>
              Discard changes
            </Button>
          )}
          <Button variant="default" disabled={!canSave} loading={busy} onClick={onSave}>
            Save as draft
          </Button>
          <Button disabled={!canPublish} loading={busy} onClick={onPublish}>
            Publish …
          </Button>
        </Group>
        <Text size="sm" c="dimmed">
          Publishing sends nothing: a dry run shows first what would be sent.
        </Text>
      </Stack>
    </Paper>
  )
}
