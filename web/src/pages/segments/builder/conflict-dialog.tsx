/** Two people edited one segment: shows both, and loses neither whatever is chosen. */
import { Button, Group, Modal, SimpleGrid, Stack, Text } from '@mantine/core'
import { CodeBlock } from '../../../ui/code-block.js'
import { toYaml } from '../../../ui/yaml.js'
import type { Definition } from '../model/definition.js'
import type { SegmentDocument } from './save.js'

interface ConflictDialogProps {
  /** What the server has now; undefined: there is no conflict. */
  readonly theirs: SegmentDocument | undefined
  readonly mine: Definition
  readonly busy: boolean
  readonly onClose: () => void
  /** Mine in the place of theirs. */
  readonly onReplace: () => void
  /** Theirs is opened here; mine is one step back. */
  readonly onTake: () => void
  /** Mine under a name of its own. */
  readonly onCopy: () => void
}

/** The window with both. */
export function ConflictDialog(props: ConflictDialogProps) {
  const { theirs, mine, busy, onClose, onReplace, onTake, onCopy } = props
  return (
    <Modal
      opened={theirs !== undefined}
      onClose={onClose}
      size="xl"
      title="Somebody else saved this segment since you opened it"
    >
      {theirs !== undefined && (
        <Stack>
          <Text>Nothing is lost: choose what becomes of the two. Until you do, theirs is what is saved.</Text>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <div>
              <Text fw={600} mb={4}>
                Theirs, as it is saved
              </Text>
              <CodeBlock label="Their segment as YAML" text={theirs.text} maxHeight={280} />
            </div>
            <div>
              <Text fw={600} mb={4}>
                Yours, not saved yet
              </Text>
              <CodeBlock label="Your segment as YAML" text={toYaml(mine)} maxHeight={280} />
            </div>
          </SimpleGrid>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Go on editing
            </Button>
            <Button variant="default" loading={busy} onClick={onReplace}>
              Replace theirs with yours
            </Button>
            <Button variant="default" disabled={theirs.definition === null} onClick={onTake}>
              Open theirs; undo brings yours back
            </Button>
            <Button loading={busy} onClick={onCopy}>
              Save yours as a copy
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  )
}
