/** Somebody else saved in between: says what each of the two changed, and lets the reader go on with both or with theirs. */
import { Button, Code, Group, List, Modal, Stack, Text } from '@mantine/core'
import type { Draft } from './use-draft.js'

/** Opens by itself when there is a conflict. */
export function ConflictDialog<Value>({ draft }: { readonly draft: Draft<Value> }) {
  const { conflict, settle } = draft
  const { conflicts = [], theirs = [], mine = [] } = conflict?.merge ?? {}
  return (
    <Modal
      opened={conflict !== undefined}
      onClose={() => settle('both')}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      title="Somebody else changed this meanwhile"
      size="lg"
    >
      <Stack>
        <Text>Nothing is lost, and nothing of yours is saved yet.</Text>
        <Places title="Only you changed" places={mine} />
        <Places title="Only they changed" places={theirs} />
        <Places title="Both of you changed" places={conflicts} />
        <Text c="dimmed">
          {conflicts.length === 0
            ? 'Both edits fit together. Look at the result, then save it.'
            : 'Where both of you changed the same place, keeping both takes yours. Look at the result, then save it.'}
        </Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={() => settle('theirs')}>
            Take theirs, drop mine
          </Button>
          <Button data-autofocus onClick={() => settle('both')}>
            Keep both
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

function Places({ title, places }: { readonly title: string; readonly places: readonly string[] }) {
  if (places.length === 0) return null
  return (
    <div>
      <Text fw={550}>{title}</Text>
      <List size="sm">
        {places.map((place) => (
          <List.Item key={place}>
            <Code>{place === '' ? 'everything' : place}</Code>
          </List.Item>
        ))}
      </List>
    </div>
  )
}
