/** What is built: its name, what it is for, what it says in words, and its conditions, also as YAML and as the query that finds the people. */
import { Group, Paper, SegmentedControl, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { CodeBlock } from '../../../ui/code-block.js'
import { toYaml } from '../../../ui/yaml.js'
import type { SegmentCheck } from '../api.js'
import type { Definition } from '../model/definition.js'
import { SqlBlock } from '../sql-block.js'
import { type Problems, useTools } from './tools.js'
import { TreeView } from './tree-view.js'
import type { Edits } from './use-edits.js'
import { ZoneSelect } from './zone-fields.js'

const VIEWS = [
  { value: 'form', label: 'Conditions' },
  { value: 'yaml', label: 'YAML' },
  { value: 'sql', label: 'SQL' },
]

interface BuilderFormProps {
  readonly state: Edits
  readonly definition: Definition
  /** What the server says of it; undefined while it is asked. */
  readonly check: SegmentCheck | undefined
  readonly problems: Problems
  /** A group has no condition. */
  readonly isEmpty: boolean
}

/** The left side. */
export function BuilderForm({ state, definition, check, problems, isEmpty }: BuilderFormProps) {
  const { draft, edit, canUndo } = state
  const { vocabulary, self } = useTools()
  const [view, setView] = useState('form')
  return (
    <Stack gap="md" miw={0}>
      <Paper p="md">
        <Stack gap="sm">
          <TextInput
            label="Name"
            required
            value={draft.name}
            placeholder="What people call it"
            error={draft.name.trim() === '' && canUndo ? 'Give it a name, and it can be saved' : undefined}
            onChange={(event) => {
              const name = event.currentTarget.value
              edit((before) => ({ ...before, name }), 'name')
            }}
          />
          <Textarea
            label="What it is for"
            autosize
            minRows={1}
            value={draft.description}
            onChange={(event) => {
              const description = event.currentTarget.value
              edit((before) => ({ ...before, description }), 'description')
            }}
          />
        </Stack>
      </Paper>
      <Group justify="space-between" gap="xs">
        <Text aria-live="polite" style={{ flex: '1 1 260px' }}>
          {check?.sentence ?? (
            <Text span c="dimmed">
              {unsaid(check, isEmpty)}
            </Text>
          )}
        </Text>
        <SegmentedControl size="xs" aria-label="Show as" value={view} onChange={setView} data={VIEWS} />
      </Group>
      {view === 'form' && <TreeView root={draft.root} problems={problems} />}
      {view === 'yaml' && <CodeBlock label="The segment as YAML" text={toYaml(definition)} />}
      {view === 'sql' && <SqlBlock id={self} definition={definition} isComplete={check?.ok === true} />}
      <Group gap={6}>
        <Text size="sm" c="dimmed">
          Dates are by the clock of
        </Text>
        <ZoneSelect
          label="Time zone of the segment"
          value={draft.timeZone}
          inherited={{ zone: vocabulary.timeZone, of: 'the workspace’s' }}
          onChange={(timeZone) => edit((before) => ({ ...before, timeZone }))}
        />
      </Group>
    </Stack>
  )
}

/** Why there is no sentence. */
function unsaid(check: SegmentCheck | undefined, isEmpty: boolean): string {
  if (isEmpty) return 'An empty group finds nobody: add a condition to it.'
  return check?.ok === false ? 'It is said in words here once it is complete.' : 'Reading what it says …'
}
