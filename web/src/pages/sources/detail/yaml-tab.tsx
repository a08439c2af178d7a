/** The source as the file that it is. */
import { Stack, Text } from '@mantine/core'
import { useRead } from '../../../api/hooks.js'
import { Answer } from '../../../ui/answer.js'
import { CodeBlock } from '../../../ui/code-block.js'
import { Problems } from '../../../ui/error-state.js'

/** YAML with the secrets as references. */
export function YamlTab({ id }: { readonly id: string }) {
  const source = useRead('/api/v1/sources/{id}', { params: { path: { id } } })
  return (
    <Answer of={source} what="the file">
      {({ path, text, problems }) => (
        <Stack>
          <Text c="dimmed">
            This is {path}, the draft. Engineers edit the same file; what a form changes keeps its comments.
          </Text>
          <Problems problems={problems} />
          <CodeBlock text={text} label={path} maxHeight={640} />
        </Stack>
      )}
    </Answer>
  )
}
