/** What happened: events that rows give. */
import { ActionIcon, Button, Code, Group, MultiSelect, Select, Stack, Text, TextInput } from '@mantine/core'
import { IconEqual, IconPlus, IconSearch, IconTrash } from '@tabler/icons-react'
import { rowLabel } from '../../../ui/row-label.js'
import { Section } from '../../../ui/section.js'
import {
  type MappedEvent,
  type MappedValue,
  OPERATORS,
  type Operator,
  readTests,
  setEvent,
  setProperty,
  type Test,
  writeTests,
} from '../model/mapping.js'
import type { PartProps } from './identifiers-section.js'
import classes from './mapping.module.css'

interface EventsSectionProps extends PartProps {
  /** Types of the columns, by name. */
  readonly types: Readonly<Record<string, string>>
}

/** A card an event. */
export function EventsSection(props: EventsSectionProps) {
  const { mapping, onChange, disabled } = props
  const events = mapping.events ?? []
  return (
    <Section title="What happened" description="Each row gives one event for each of these that fits.">
      <Stack gap="sm">
        {events.length === 0 && <Text c="dimmed">Rows are no events yet.</Text>}
        {events.map((event, index) => (
          // A name is typed into this card: the place is what stays the same.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <EventCard key={index} {...props} event={event} index={index} />
        ))}
        {!disabled && (
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => onChange(setEvent(mapping, events.length, { name: 'New event' }))}
            style={{ alignSelf: 'flex-start' }}
          >
            Add an event
          </Button>
        )}
      </Stack>
    </Section>
  )
}

interface EventCardProps extends EventsSectionProps {
  readonly event: MappedEvent
  readonly index: number
}

function EventCard({ mapping, columns, types, onChange, disabled, event, index }: EventCardProps) {
  const set = (changed: MappedEvent) => onChange(setEvent(mapping, index, changed))
  const { timestamp, message_id = [] } = event
  const isLookup = typeof timestamp === 'object'
  return (
    <Stack gap="sm" className={classes.event} role="group" aria-label={`Event ${event.name}`}>
      <div className={classes.row}>
        <TextInput
          label="Name of the event"
          value={event.name}
          disabled={disabled}
          error={event.name.trim() === '' ? 'Give it a name, for example Order Completed.' : undefined}
          onChange={(change) => set({ ...event, name: change.currentTarget.value })}
        />
        {isLookup ? (
          <TextInput
            label="It happened at"
            value={`${timestamp.field} of ${timestamp.lookup}`}
            readOnly
            disabled={disabled}
          />
        ) : (
          <Select
            label="It happened at"
            placeholder="when it was read"
            data={[...columns]}
            value={timestamp ?? null}
            searchable
            clearable
            clearButtonProps={{ 'aria-label': 'When it was read' }}
            disabled={disabled}
            onChange={(column) => {
              const { timestamp: _before, ...rest } = event
              set(column === null ? rest : { ...rest, timestamp: column })
            }}
          />
        )}
        <ActionIcon
          size="lg"
          aria-label={`Remove the event ${event.name}`}
          disabled={disabled}
          onClick={() => onChange(setEvent(mapping, index, undefined))}
        >
          <IconTrash size={16} aria-hidden />
        </ActionIcon>
      </div>
      <MultiSelect
        label="An event is known by"
        description="So that a row that is read twice counts once. Left empty: by the stream’s own key."
        data={[...columns]}
        value={[...message_id]}
        searchable
        disabled={disabled}
        onChange={(ids) => {
          const { message_id: _before, ...rest } = event
          set(ids.length === 0 ? rest : { ...rest, message_id: ids })
        }}
      />
      <Conditions event={event} columns={columns} types={types} disabled={disabled} onChange={set} />
      <Properties event={event} columns={columns} disabled={disabled} onChange={set} />
    </Stack>
  )
}

interface EventPartProps {
  readonly event: MappedEvent
  readonly columns: readonly string[]
  readonly disabled: boolean
  readonly onChange: (event: MappedEvent) => void
}

function Conditions(props: EventPartProps & { readonly types: Readonly<Record<string, string>> }) {
  const { event, columns, types, disabled, onChange } = props
  const tests = readTests(event.when)
  if (tests === undefined)
    return (
      <div>
        <Text size="sm" fw={500}>
          Only rows for which this holds
        </Text>
        <Code block>{JSON.stringify(event.when, null, 2)}</Code>
        <Text size="sm" c="dimmed">
          This condition is of several levels: an engineer edits it in the file. It stays as it is.
        </Text>
      </div>
    )
  const write = (changed: readonly Test[]) => {
    const { when: _before, ...rest } = event
    const when = writeTests(changed, types)
    onChange(when === undefined ? rest : { ...rest, when })
  }
  const replace = (index: number, test: Test) =>
    write(tests.map((each, place) => (place === index ? test : each)))
  return (
    <Stack gap="xs">
      {tests.map((test, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a test has no name of its own.
        <div key={index} className={`${classes.row} ${classes.wide}`}>
          <Select
            label={index === 0 ? 'Only rows whose' : 'and whose'}
            data={[...columns]}
            value={test.field}
            searchable
            allowDeselect={false}
            disabled={disabled}
            onChange={(field) => field !== null && replace(index, { ...test, field })}
          />
          <Select
            aria-label="How it is compared"
            data={OPERATORS.map(({ operator, label }) => ({ value: operator, label }))}
            value={test.operator}
            allowDeselect={false}
            disabled={disabled}
            onChange={(operator) => replace(index, { ...test, operator: operator as Operator })}
          />
          {test.operator === 'exists' || test.operator === 'absent' ? (
            <span />
          ) : (
            <TextInput
              aria-label="Value"
              placeholder={test.operator === 'in' || test.operator === 'not_in' ? 'paid, shipped' : 'value'}
              value={test.value}
              disabled={disabled}
              onChange={(change) => replace(index, { ...test, value: change.currentTarget.value })}
            />
          )}
          <ActionIcon
            size="lg"
            aria-label={`Remove the condition on ${test.field}`}
            disabled={disabled}
            onClick={() => write(tests.filter((_test, place) => place !== index))}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </div>
      ))}
      {!disabled && columns[0] !== undefined && (
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => write([...tests, { field: columns[0]!, operator: 'exists', value: '' }])}
          style={{ alignSelf: 'flex-start' }}
        >
          {tests.length === 0 ? 'Only some rows…' : 'And another condition'}
        </Button>
      )}
    </Stack>
  )
}

function Properties({ event, columns, disabled, onChange }: EventPartProps) {
  const properties = Object.entries(event.properties ?? {})
  const free = columns.filter((column) => !properties.some(([, value]) => value === column))
  return (
    <Stack gap="xs">
      {properties.map(([name, value], index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a name is typed into this row.
        <div key={index} className={classes.row}>
          <TextInput
            {...rowLabel('Property', index)}
            value={name}
            disabled={disabled}
            spellCheck={false}
            onChange={(change) => onChange(setProperty(event, change.currentTarget.value, value, name))}
          />
          <PropertyValue
            index={index}
            value={value}
            columns={columns}
            disabled={disabled}
            onChange={(changed) => onChange(setProperty(event, name, changed))}
          />
          <ActionIcon
            size="lg"
            aria-label={`Remove the property ${name}`}
            disabled={disabled}
            onClick={() => onChange(setProperty(event, name, undefined))}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </div>
      ))}
      {!disabled && (
        <Group gap="xs">
          <Select
            aria-label="Add a column as a property"
            placeholder="Add a column as a property"
            data={free}
            value={null}
            searchable
            onChange={(column) =>
              column !== null && onChange(setProperty(event, column.replace(/[^A-Za-z0-9_.-]/g, '_'), column))
            }
            size="xs"
            w={240}
          />
          <Button
            variant="subtle"
            size="compact-sm"
            onClick={() =>
              onChange(setProperty(event, `property_${properties.length + 1}`, { constant: '' }))
            }
          >
            Add a fixed value
          </Button>
        </Group>
      )}
    </Stack>
  )
}

function PropertyValue(props: {
  readonly index: number
  readonly value: MappedValue
  readonly columns: readonly string[]
  readonly disabled: boolean
  readonly onChange: (value: MappedValue) => void
}) {
  const { index, value, columns, disabled, onChange } = props
  if (typeof value === 'string')
    return (
      <Select
        {...rowLabel('Value', index)}
        data={[...columns]}
        value={value}
        searchable
        allowDeselect={false}
        disabled={disabled}
        onChange={(column) => column !== null && onChange(column)}
      />
    )
  if ('constant' in value)
    return (
      <TextInput
        {...rowLabel('Value', index)}
        leftSection={<IconEqual size={14} aria-hidden />}
        value={String(value.constant)}
        disabled={disabled}
        onChange={(change) => onChange({ constant: change.currentTarget.value })}
      />
    )
  return (
    <TextInput
      {...rowLabel('Value', index)}
      leftSection={<IconSearch size={14} aria-hidden />}
      value={`${value.field} of ${value.lookup} by ${value.key}`}
      readOnly
      disabled={disabled}
    />
  )
}
