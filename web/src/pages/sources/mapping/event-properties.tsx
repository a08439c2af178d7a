/** What an event carries: columns, looked up values, and fixed ones. */
import { ActionIcon, Button, Group, Select, Stack, TextInput } from '@mantine/core'
import { IconEqual, IconSearch, IconTrash } from '@tabler/icons-react'
import { rowLabel } from '../../../ui/row-label.js'
import { type MappedValue, setProperty } from '../model/mapping.js'
import type { EventPartProps } from './event-conditions.js'
import classes from './mapping.module.css'

/** A line a property. */
export function EventProperties({ event, columns, disabled, onChange }: EventPartProps) {
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
