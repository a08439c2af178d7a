/** One stream in detail: how it is kept up to date, and what becomes of each column. */
import {
  Badge,
  Button,
  Drawer,
  Group,
  MultiSelect,
  Radio,
  SegmentedControl,
  Select,
  Stack,
  Text,
  Title,
} from '@mantine/core'
import { kindOf } from '../../../ui/field-kind.js'
import {
  type ColumnUse,
  columnUse,
  entryProblem,
  looksPersonal,
  modeKey,
  possibleModes,
  proposeEntry,
  type StreamEntry,
  type StreamLine,
  withColumnUse,
  withMode,
} from '../model/streams.js'

interface StreamDrawerProps {
  /** Undefined: closed. */
  readonly line: StreamLine | undefined
  readonly disabled: boolean
  readonly onChange: (entry: StreamEntry) => void
  readonly onClose: () => void
}

const USES: readonly { readonly value: ColumnUse; readonly label: string }[] = [
  { value: 'load', label: 'Bring in' },
  { value: 'hash', label: 'Only its hash' },
  { value: 'leave', label: 'Leave out' },
]

/** Beside the list; every change is taken over at once. */
export function StreamDrawer({ line, disabled, onChange, onClose }: StreamDrawerProps) {
  return (
    <Drawer opened={line !== undefined} onClose={onClose} position="right" size="lg" title={line?.found.name}>
      {line !== undefined && (
        <Stack gap="lg">
          <ModeChoice line={line} disabled={disabled} onChange={onChange} />
          <Columns line={line} disabled={disabled} onChange={onChange} />
          <Group justify="flex-end">
            <Button onClick={onClose}>Done</Button>
          </Group>
        </Stack>
      )}
    </Drawer>
  )
}

type PartProps = Omit<Required<StreamDrawerProps>, 'onClose' | 'line'> & { readonly line: StreamLine }

function ModeChoice({ line: { found, entry }, disabled, onChange }: PartProps) {
  const modes = possibleModes(found)
  const proposed = modeKey(proposeEntry(found))
  const columns = found.fields.map(({ name }) => name)
  const problem = entryProblem(entry, found)
  const missingCursor = entry.cursor_field === undefined && found.cursor === null
  return (
    <Stack gap="sm">
      <Radio.Group
        label="How is it kept up to date?"
        value={modeKey(entry)}
        onChange={(key) => {
          const mode = modes.find((each) => each.key === key)
          if (mode !== undefined) onChange(withMode(entry, mode, found))
        }}
      >
        <Stack gap="sm" mt={6}>
          {modes.map((mode) => (
            <Radio
              key={mode.key}
              value={mode.key}
              disabled={disabled}
              label={mode.key === proposed ? `${mode.title} (suggested)` : mode.title}
              description={mode.about}
            />
          ))}
        </Stack>
      </Radio.Group>
      {entry.sync_mode === 'incremental' &&
        (found.cursor !== null ? (
          <Text c="dimmed">What is new is told by {found.cursor}: the source says so itself.</Text>
        ) : (
          <Select
            label="What is new is told by"
            description="A column that grows with every change of a row."
            data={[...found.cursorCandidates]}
            value={entry.cursor_field ?? null}
            allowDeselect={false}
            error={missingCursor ? problem : undefined}
            onChange={(cursor) => cursor !== null && onChange({ ...entry, cursor_field: cursor })}
            disabled={disabled}
          />
        ))}
      {entry.destination_sync_mode === 'append_dedup' && (
        <MultiSelect
          label="A record is known by"
          description="Columns that together are different for each record."
          data={[...new Set([...columns, ...found.primaryKey])]}
          value={[...(entry.primary_key ?? found.primaryKey)]}
          error={!missingCursor || entry.sync_mode === 'full_refresh' ? problem : undefined}
          onChange={(key) => {
            const { primary_key: _before, ...rest } = entry
            onChange(key.length === 0 ? rest : { ...rest, primary_key: key })
          }}
          searchable
          disabled={disabled}
        />
      )}
    </Stack>
  )
}

function Columns({ line: { found, entry }, disabled, onChange }: PartProps) {
  const names = found.fields.map(({ name }) => name)
  if (names.length === 0) return <Text c="dimmed">Its columns are known after the first sync.</Text>
  return (
    <Stack gap="sm">
      <div>
        <Title order={3}>Columns</Title>
        <Text c="dimmed" size="sm">
          A hash tells whether two values are the same and hides what they are. What is left out is never
          stored.
        </Text>
      </div>
      {found.fields.map(({ name, type }) => (
        <Group key={name} justify="space-between" gap="xs">
          <div>
            <Group gap={6}>
              <Text fw={550} style={{ overflowWrap: 'anywhere' }}>
                {name}
              </Text>
              {looksPersonal(name) && (
                <Badge variant="default" tt="none" fw={500}>
                  looks personal
                </Badge>
              )}
            </Group>
            <Text c="dimmed" size="sm">
              {kindOf({ type })}
            </Text>
          </div>
          <SegmentedControl
            aria-label={`What becomes of ${name}`}
            size="xs"
            data={USES.map(({ value, label }) => ({ value, label }))}
            value={columnUse(entry, name)}
            onChange={(use) => onChange(withColumnUse(entry, name, use as ColumnUse, names))}
            disabled={disabled}
          />
        </Group>
      ))}
    </Stack>
  )
}
