/** Somebody else saved the file in between: both texts, and which of them goes on. */
import { Button, Group, Modal, SimpleGrid, Stack, Text } from '@mantine/core'
import { ApiError } from '../../../api/api-error.js'
import { Whole } from '../../../ui/draft/whole.js'

/** What is there now; without a text the file is gone. */
export interface Conflict {
  readonly text?: string
  readonly etag?: string
}

/** What a refusal says of the file as it is now. */
export function conflictOf(error: unknown): Conflict {
  const details = error instanceof ApiError ? (error.details as { readonly current?: Conflict | null }) : {}
  return details?.current ?? {}
}

interface FileConflictProps {
  readonly conflict: Conflict | undefined
  /** What is not saved yet. */
  readonly mine: string
  /** @param mine true: the reader's own text goes on, over theirs */
  readonly onSettle: (mine: boolean) => void
}

/** Opens by itself. Nothing is saved by it. */
export function FileConflict({ conflict, mine, onSettle }: FileConflictProps) {
  return (
    <Modal
      opened={conflict !== undefined}
      onClose={() => onSettle(true)}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      size="xl"
      title={
        conflict?.text === undefined
          ? 'Somebody else deleted this file meanwhile'
          : 'Somebody else changed this file meanwhile'
      }
    >
      <Stack>
        <Text>Nothing is lost, and nothing of yours is saved yet.</Text>
        <SimpleGrid cols={{ base: 1, sm: conflict?.text === undefined ? 1 : 2 }}>
          {conflict?.text !== undefined && <Whole title="Theirs, as it is saved" text={conflict.text} />}
          <Whole title="Yours, not saved yet" text={mine} />
        </SimpleGrid>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={() => onSettle(false)}>
            Take theirs, drop mine
          </Button>
          <Button data-autofocus onClick={() => onSettle(true)}>
            Go on with mine
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
