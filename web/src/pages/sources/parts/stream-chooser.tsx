/** Which streams are brought in, and how: one line a stream, its details on demand. */
import {
  Alert,
  Badge,
  Button,
  Checkbox,
  Group,
  List,
  Paper,
  Stack,
  Table,
  Text,
  TextInput,
} from '@mantine/core'
import { IconAdjustments, IconAlertTriangle, IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { EmptyState } from '../../../ui/empty-state.js'
import { formatCount } from '../../../ui/format.js'
import { LongName } from '../../../ui/long-name.js'
import { searchRows } from '../../../ui/table-rows.js'
import {
  columnUse,
  entryProblem,
  MODES,
  modeKey,
  type StreamEntry,
  type StreamLine,
} from '../model/streams.js'
import { StreamDrawer } from './stream-drawer.js'
import classes from './streams.module.css'

interface StreamChooserProps {
  readonly lines: readonly StreamLine[]
  readonly onChange: (lines: readonly StreamLine[]) => void
  /** What the source could not tell. */
  readonly warnings: readonly string[]
  readonly disabled?: boolean
}

/** The list with a box a stream. */
export function StreamChooser({ lines, onChange, warnings, disabled = false }: StreamChooserProps) {
  const [words, setWords] = useState('')
  const [open, setOpen] = useState<string>()
  const shown = searchRows(lines, words, ({ found }) => [found.name])
  const readable = shown.filter(({ found }) => found.unreadable === undefined)
  const chosen = lines.filter((line) => line.chosen).length
  const change = (name: string, part: Partial<StreamLine>) =>
    onChange(lines.map((line) => (line.found.name === name ? { ...line, ...part } : line)))
  const edited = lines.find(({ found }) => found.name === open)
  if (lines.length === 0)
    return (
      <EmptyState title="The source shows no streams">
        It can be reached, and there is nothing in it that may be read: no tables, files or lists. Look
        whether the account that you use is allowed to read them.
      </EmptyState>
    )
  const allChosen = readable.length > 0 && readable.every((line) => line.chosen)
  return (
    <Stack gap="sm">
      {warnings.length > 0 && (
        <Alert
          variant="default"
          color="yellow"
          icon={<IconAlertTriangle aria-hidden />}
          title="Not everything could be seen"
        >
          <List size="sm">
            {warnings.map((warning) => (
              <List.Item key={warning}>{warning}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      <Group gap="sm">
        {lines.length > 8 && (
          <TextInput
            type="search"
            aria-label="Find a stream"
            placeholder="Find a stream"
            leftSection={<IconSearch size={16} aria-hidden />}
            value={words}
            onChange={(event) => setWords(event.currentTarget.value)}
            w={{ base: '100%', xs: 260 }}
          />
        )}
        <Text c="dimmed" size="sm" role="status">
          {chosen} of {formatCount(lines.length, 'stream')} chosen
        </Text>
      </Group>
      <Paper className={classes.frame}>
        <Table aria-label="Streams" className={classes.table} role="table">
          <Table.Thead role="rowgroup">
            <Table.Tr role="row">
              <Table.Th w={44} role="columnheader">
                <Checkbox
                  aria-label={words === '' ? 'Choose all streams' : 'Choose all streams that are shown'}
                  checked={allChosen}
                  indeterminate={!allChosen && readable.some((line) => line.chosen)}
                  disabled={disabled}
                  onChange={() =>
                    onChange(
                      lines.map((line) => (readable.includes(line) ? { ...line, chosen: !allChosen } : line)),
                    )
                  }
                />
              </Table.Th>
              <Table.Th role="columnheader">Stream</Table.Th>
              <Table.Th role="columnheader">How it is kept up to date</Table.Th>
              <Table.Th role="columnheader">Columns</Table.Th>
              <Table.Th role="columnheader">Details</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody role="rowgroup">
            {shown.map((line) => (
              <Line
                key={line.found.name}
                line={line}
                disabled={disabled}
                onChosen={(isChosen) => change(line.found.name, { chosen: isChosen })}
                onOpen={() => setOpen(line.found.name)}
              />
            ))}
          </Table.Tbody>
        </Table>
        {shown.length === 0 && (
          <Text p="md" c="dimmed">
            No stream is called so.
          </Text>
        )}
      </Paper>
      <StreamDrawer
        line={edited}
        disabled={disabled}
        onClose={() => setOpen(undefined)}
        onChange={(entry: StreamEntry) => edited && change(edited.found.name, { entry, chosen: true })}
      />
    </Stack>
  )
}

function Line(props: {
  readonly line: StreamLine
  readonly disabled: boolean
  readonly onChosen: (chosen: boolean) => void
  readonly onOpen: () => void
}) {
  const { line, disabled, onChosen, onOpen } = props
  const { found, chosen, entry } = line
  const unreadable = found.unreadable !== undefined
  const problem = chosen ? entryProblem(entry, found) : undefined
  return (
    <Table.Tr role="row" data-chosen={chosen}>
      <Table.Td role="cell">
        <Checkbox
          aria-label={`Choose ${found.name}`}
          checked={chosen}
          disabled={disabled || (unreadable && !chosen)}
          onChange={(event) => onChosen(event.currentTarget.checked)}
        />
      </Table.Td>
      <Table.Td role="cell" className={classes.name}>
        <LongName name={found.name} />
        {unreadable && (
          <Text size="sm" c="dimmed">
            {found.unreadable}
          </Text>
        )}
      </Table.Td>
      <Table.Td role="cell">
        {!unreadable && (
          <Text c={chosen ? undefined : 'dimmed'}>
            {MODES.find(({ key }) => key === modeKey(entry))?.title ?? modeKey(entry)}
          </Text>
        )}
        {problem !== undefined && (
          <Text size="sm" c="var(--mantine-color-error)">
            {problem}
          </Text>
        )}
      </Table.Td>
      <Table.Td role="cell">
        <ColumnSummary line={line} />
      </Table.Td>
      <Table.Td role="cell">
        {!unreadable && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconAdjustments size={14} aria-hidden />}
            onClick={onOpen}
            aria-label={`Details of ${found.name}`}
          >
            Details
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  )
}

function ColumnSummary({ line: { found, entry } }: { readonly line: StreamLine }) {
  const uses = found.fields.map(({ name }) => columnUse(entry, name))
  const hashed = uses.filter((use) => use === 'hash').length
  const left = uses.filter((use) => use === 'leave').length
  return (
    <Group gap={6}>
      <Text span c="dimmed">
        {formatCount(found.fields.length - left, 'column')}
      </Text>
      {left > 0 && (
        <Badge variant="default" tt="none" fw={500}>
          {left} left out
        </Badge>
      )}
      {hashed > 0 && (
        <Badge variant="default" tt="none" fw={500}>
          {hashed} hashed
        </Badge>
      )}
    </Group>
  )
}
