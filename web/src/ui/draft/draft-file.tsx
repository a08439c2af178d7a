/** A draft as the file that it is. */
import { Stack, Text } from '@mantine/core'
import type { Problem } from '../../api/api-error.js'
import { CodeBlock } from '../code-block.js'
import { Problems } from '../error-state.js'

interface DraftFileProps {
  readonly path: string
  readonly text: string
  readonly problems: readonly Problem[]
}

/** YAML with the secrets as references, and what is wrong in it. */
export function DraftFile({ path, text, problems }: DraftFileProps) {
  return (
    <Stack>
      <Text c="dimmed">
        This is {path}, the draft. Engineers edit the same file; what a form changes keeps its comments.
      </Text>
      <Problems problems={problems} />
      <CodeBlock text={text} label={path} maxHeight={640} />
    </Stack>
  )
}
