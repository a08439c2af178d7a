/** Which rows give an event: all, or those that fulfil every one of some conditions. */
import { ActionIcon, Button, Code, Select, Stack, Text, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import {
  type MappedEvent,
  OPERATORS,
  type Operator,
  readTests,
  type Test,
  writeTests,
} from '../model/mapping.js'
import classes from './mapping.module.css'

export interface EventPartProps {
  readonly event: MappedEvent
  readonly columns: readonly string[]
  readonly disabled: boolean
  readonly onChange: (event: MappedEvent) => void
}

/** A line a condition. */
export function EventConditions(
  props: EventPartProps & { readonly types: Readonly<Record<string, string>> },
) {
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
