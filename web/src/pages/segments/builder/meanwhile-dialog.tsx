/** Two people had one segment open: shows what the other one did, and loses nothing whatever is chosen. */
import { Button, Group, Modal, SimpleGrid, Stack, Text } from '@mantine/core'
import { CodeBlock } from '../../../ui/code-block.js'
import { toYaml } from '../../../ui/yaml.js'
import type { Definition } from '../model/definition.js'
import type { Meanwhile, SegmentDocument } from './save.js'

interface MeanwhileDialogProps {
  /** What the other one did; undefined: there is no conflict. */
  readonly meanwhile: Meanwhile | undefined
  readonly mine: Definition
  readonly busy: boolean
  readonly onClose: () => void
  /** Mine in the place of theirs, or of what was deleted. */
  readonly onReplace: () => void
  /** Theirs is opened here; mine is one step back. */
  readonly onTake: (theirs: SegmentDocument) => void
  /** Mine under a name of its own. */
  readonly onCopy: () => void
  /** It stays deleted. */
  readonly onLeave: () => void
}

/** The window. */
export function MeanwhileDialog(props: MeanwhileDialogProps) {
  const { meanwhile, onClose } = props
  return (
    <Modal
      opened={meanwhile !== undefined}
      onClose={onClose}
      size="xl"
      title={`Somebody else ${meanwhile?.kind === 'deleted' ? 'deleted' : 'saved'} this segment since you opened it`}
    >
      {meanwhile?.kind === 'changed' && <Changed {...props} theirs={meanwhile.theirs} />}
      {meanwhile?.kind === 'deleted' && <Deleted {...props} />}
    </Modal>
  )
}

function Changed(props: MeanwhileDialogProps & { readonly theirs: SegmentDocument }) {
  const { theirs, mine, busy, onClose, onReplace, onTake, onCopy } = props
  return (
    <Stack>
      <Text>Nothing is lost: choose what becomes of the two. Until you do, theirs is what is saved.</Text>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Version title="Theirs, as it is saved" label="Their segment as YAML" text={theirs.text} />
        <Version title="Yours" label="Your segment as YAML" text={toYaml(mine)} />
      </SimpleGrid>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          Go on editing
        </Button>
        <Button variant="default" loading={busy} onClick={onReplace}>
          Replace theirs with yours
        </Button>
        <Button variant="default" disabled={theirs.definition === null} onClick={() => onTake(theirs)}>
          Open theirs; undo brings yours back
        </Button>
        <Button loading={busy} onClick={onCopy}>
          Save yours as a copy
        </Button>
      </Group>
    </Stack>
  )
}

function Deleted({ mine, busy, onClose, onReplace, onLeave }: MeanwhileDialogProps) {
  return (
    <Stack>
      <Text>Yours is still here. Save it, and the segment is back as you have it.</Text>
      <Version title="Yours" label="Your segment as YAML" text={toYaml(mine)} />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          Go on editing
        </Button>
        <Button variant="default" onClick={onLeave}>
          Leave it deleted
        </Button>
        <Button loading={busy} onClick={onReplace}>
          Bring it back with yours
        </Button>
      </Group>
    </Stack>
  )
}

function Version(props: { readonly title: string; readonly label: string; readonly text: string }) {
  return (
    <div>
      <Text fw={600} mb={4}>
        {props.title}
      </Text>
      <CodeBlock label={props.label} text={props.text} maxHeight={280} />
    </div>
  )
}
