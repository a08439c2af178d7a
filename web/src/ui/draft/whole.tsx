/** One of two texts that are compared, under its name. */
import { Text } from '@mantine/core'
import { CodeBlock } from '../code-block.js'

/** The whole of it, in a place of its own height. */
export function Whole({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <div>
      <Text fw={550} mb={4}>
        {title}
      </Text>
      <CodeBlock label={title} text={text} maxHeight={260} />
    </div>
  )
}
