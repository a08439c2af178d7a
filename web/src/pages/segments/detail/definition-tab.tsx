/** The segment as engineers have it: its file, and the query that finds its people. */
import { Stack } from '@mantine/core'
import { useRead } from '../../../api/hooks.js'
import { Answer } from '../../../ui/answer.js'
import { CodeBlock } from '../../../ui/code-block.js'
import { Problems } from '../../../ui/error-state.js'
import { Section } from '../../../ui/section.js'
import { SqlBlock } from '../sql-block.js'

/** The tab: of the draft, where there is one. */
export function DefinitionTab({ id }: { readonly id: string }) {
  const answer = useRead('/api/v1/segments/{id}', { params: { path: { id } } })
  return (
    <Answer of={answer} what="the definition">
      {({ text, problems, path, definition }) => (
        <Stack gap="lg">
          <Problems problems={problems} />
          <Section title="As a file" description={path} bare>
            <CodeBlock label={`The file ${path}`} text={text} />
          </Section>
          <Section title="As a query" bare>
            <SqlBlock
              id={id}
              definition={definition}
              isComplete={definition !== null && !problems.some(({ severity }) => severity === 'error')}
            />
          </Section>
        </Stack>
      )}
    </Answer>
  )
}
