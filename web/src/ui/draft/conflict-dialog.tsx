/** Somebody else saved in between: shows what each of the two changed, and lets the reader go on with both or with theirs. */
import { Button, Code, Group, List, Modal, SimpleGrid, Stack, Text } from '@mantine/core'
import { toYaml } from '../yaml.js'
import type { Draft } from './use-draft.js'
import { Whole } from './whole.js'

interface ConflictDialogProps<Value> {
  readonly draft: Draft<Value>
  /** True: both are shown whole, as files. @default false */
  readonly whole?: boolean
}

/** Opens by itself when there is a conflict. */
export function ConflictDialog<Value extends object>({ draft, whole = false }: ConflictDialogProps<Value>) {
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
      size={whole ? 'xl' : 'lg'}
    >
      <Stack>
        <Text>Nothing is lost, and nothing of yours is saved yet.</Text>
        <Places title="Only you changed" places={mine} />
        <Places title="Only they changed" places={theirs} />
        <Places title="Both of you changed" places={conflicts} />
        {whole && conflict !== undefined && (
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <Whole title="Theirs, as it is saved" text={toYaml(conflict.theirs.definition)} />
            <Whole title="Yours, not saved yet" text={toYaml(draft.value)} />
          </SimpleGrid>
        )}
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
