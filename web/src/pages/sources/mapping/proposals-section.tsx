/** What the columns look like they mean; taken one by one or all together. */
import { Button, Group, Text } from '@mantine/core'
import { IconPlus, IconSparkles } from '@tabler/icons-react'
import { ErrorState } from '../../../ui/error-state.js'
import { Loading } from '../../../ui/loading.js'
import { Section } from '../../../ui/section.js'
import { sentenceOf } from '../../../ui/words.js'
import type { Mapping } from '../model/mapping.js'
import { proposalsFor } from '../model/proposals.js'
import classes from './mapping.module.css'
import type { SuggestionQuery } from './use-suggestion.js'

interface ProposalsSectionProps {
  readonly mapping: Mapping
  readonly suggestion: SuggestionQuery
  readonly onChange: (mapping: Mapping) => void
}

/** Nothing once all of it is taken. */
export function ProposalsSection({ mapping, suggestion, onChange }: ProposalsSectionProps) {
  if (suggestion.error !== null)
    return (
      <ErrorState
        error={suggestion.error}
        title="No proposal could be made"
        retry={() => void suggestion.refetch()}
      />
    )
  if (suggestion.data === undefined) return <Loading what="Looking at the columns" lines={2} />
  const { definition, reasons } = suggestion.data
  const proposals = proposalsFor(mapping, definition as Mapping | undefined, reasons)
  const isFirst = Object.keys(mapping.identifiers).length === 0
  if (definition === undefined && isFirst)
    return (
      <Section title="Proposals">
        <Text>
          No column of this stream looks like it tells people apart. If one does, choose it below; rows that
          say nothing of people need no mapping.
        </Text>
      </Section>
    )
  if (proposals.length === 0) return null
  return (
    <Section
      title="Proposals"
      description="Judged by the names and kinds of the columns. Look at the preview before you publish."
      actions={
        <Button
          size="xs"
          leftSection={<IconSparkles size={14} aria-hidden />}
          onClick={() => onChange(proposals.reduce((all, { apply }) => apply(all), mapping))}
        >
          Take all
        </Button>
      }
    >
      <ul className={classes.lines}>
        {proposals.map(({ key, sentence, why, apply }) => (
          <li key={key}>
            <Group justify="space-between" wrap="nowrap" gap="sm">
              <div>
                <Text>{sentence}</Text>
                {why !== undefined && (
                  <Text size="sm" c="dimmed">
                    {sentenceOf(why)}
                  </Text>
                )}
              </div>
              <Button
                size="compact-sm"
                variant="default"
                leftSection={<IconPlus size={14} aria-hidden />}
                aria-label={`Take: ${sentence}`}
                flex="none"
                onClick={() => onChange(apply(mapping))}
              >
                Take
              </Button>
            </Group>
          </li>
        ))}
      </ul>
    </Section>
  )
}
