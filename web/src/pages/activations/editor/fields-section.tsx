/** What is sent about each person: values, and the fields of the tool that they go to. */
import { ActionIcon, Badge, Button, Group, Select, Stack, Text } from '@mantine/core'
import { IconArrowRight, IconSparkles, IconTrash } from '@tabler/icons-react'
import { kindOf as fieldKind } from '../../../ui/field-kind.js'
import { rowLabel } from '../../../ui/row-label.js'
import { Section } from '../../../ui/section.js'
import { setValue } from '../model/definition.js'
import { fieldOf, requiredLeft, suggestions, titleOf } from '../model/fit.js'
import { problemsAt, problemsOf } from '../model/gaps.js'
import { fieldNameFor, namedValues, suggestValue } from '../model/values.js'
import classes from './editor.module.css'
import { NameField } from './name-field.js'
import { errorText, useTools } from './tools.js'
import { ValueField } from './value-field.js'

interface FieldsSectionProps {
  /** Fields that somebody began to map, without a value yet. */
  readonly opened: readonly string[]
  readonly onOpen: (opened: readonly string[]) => void
}

export function FieldsSection({ opened, onOpen }: FieldsSectionProps) {
  const { definition, change, known, object, problems } = useTools()
  const { match, fields = {} } = definition
  const required = object === undefined ? [] : requiredLeft(definition, object).map(({ name }) => name)
  const shown = [...new Set([...Object.keys(fields), ...required, ...opened])]
  const names = [...Object.keys(match), ...shown]
  const proposed = object === undefined ? [] : suggestions(definition, object, known)
  const set = (name: string, value: Parameters<typeof setValue>[3]) => {
    change(setValue(definition, 'fields', name, value))
    onOpen(opened.filter((each) => each !== name))
  }
  const open = (name: string) => {
    const field = fieldOf(object, name)
    const value = field && suggestValue(field, known)
    if (value === undefined) onOpen([...opened, name])
    else set(name, value)
  }
  const wrong = errorText(problemsOf(problems, 'fields'))
  return (
    <Section
      title="What is sent about them"
      description="Beside what they are found by. Who has no value for a field gets none there."
    >
      <Stack gap="sm">
        {shown.length === 0 && <Text c="dimmed">Nothing more: only who is in the segment.</Text>}
        {shown.length > 0 && (
          <ul className={classes.rows} aria-label="What is sent about them">
            {shown.map((name, index) => (
              // A name is typed into this row: the place is what stays the same.
              // biome-ignore lint/suspicious/noArrayIndexKey: see above
              <li key={index} className={classes.row}>
                <ValueField
                  label={rowLabel('What is sent', index)}
                  of={titleOf(object, name)}
                  value={fields[name]}
                  field={fieldOf(object, name)}
                  error={errorText(problemsAt(problems, 'fields', name))}
                  onChange={(value) => set(name, value)}
                />
                <span className={classes.arrow} data-first={index === 0 ? '' : undefined} aria-hidden>
                  <IconArrowRight size={16} />
                </span>
                <Target
                  name={name}
                  index={index}
                  taken={names}
                  onRename={(next) => change(setValue(definition, 'fields', next, fields[name], name))}
                />
                {!required.includes(name) && (
                  <ActionIcon
                    size="lg"
                    className={classes.remove}
                    data-first={index === 0 ? '' : undefined}
                    aria-label={`Remove ${titleOf(object, name)}`}
                    onClick={() => set(name, undefined)}
                  >
                    <IconTrash size={16} aria-hidden />
                  </ActionIcon>
                )}
              </li>
            ))}
          </ul>
        )}
        {wrong !== undefined && (
          <Text size="sm" c="var(--mantine-color-error)">
            {wrong}
          </Text>
        )}
        <Group gap="sm" align="flex-end">
          <AddField taken={names} onAdd={open} />
          {object?.openFields !== false && (
            <AddValue onAdd={(value) => set(fieldNameFor(value, names), value)} />
          )}
          {proposed.length > 0 && (
            <Button
              variant="default"
              leftSection={<IconSparkles size={16} aria-hidden />}
              onClick={() =>
                change(
                  proposed.reduce(
                    (next, { name, value }) => setValue(next, 'fields', name, value),
                    definition,
                  ),
                )
              }
            >
              Add {proposed.length === 1 ? '1 field' : `${proposed.length} fields`} of the same name
            </Button>
          )}
        </Group>
      </Stack>
    </Section>
  )
}

/** The tool's field: as the tool calls it, or typed where it takes any. */
function Target(props: {
  readonly name: string
  readonly index: number
  readonly taken: readonly string[]
  readonly onRename: (name: string) => void
}) {
  const { name, index, taken, onRename } = props
  const { object } = useTools()
  const field = fieldOf(object, name)
  if (field === undefined && object?.openFields !== false)
    return <NameField label={rowLabel('Called there', index)} name={name} taken={taken} onRename={onRename} />
  return (
    <div className={classes.target} data-first={index === 0 ? '' : undefined}>
      <Group gap={6}>
        {field?.title ?? name}
        {field?.required === true && (
          <Badge size="sm" variant="default">
            required
          </Badge>
        )}
      </Group>
      {field !== undefined && (
        <Text size="sm" c="dimmed">
          {fieldKind(field)}
          {field.hashed && ', sent as a hash only'}
        </Text>
      )}
    </div>
  )
}

/** Fields that the tool names and that are not sent yet. */
function AddField(props: { readonly taken: readonly string[]; readonly onAdd: (name: string) => void }) {
  const { object } = useTools()
  const left = (object?.fields ?? []).filter(({ name }) => !props.taken.includes(name))
  if (left.length === 0) return null
  return (
    <Select
      label="Add a field"
      placeholder={`of ${object?.title}`}
      searchable
      value={null}
      data={left.map(({ name, title }) => ({ value: name, label: title ?? name }))}
      nothingFoundMessage="It has no such field"
      onChange={(name) => name !== null && props.onAdd(name)}
    />
  )
}

/** A value for a field that the tool does not name itself. */
function AddValue({ onAdd }: { readonly onAdd: (value: string) => void }) {
  const { known } = useTools()
  return (
    <Select
      label="Add a value"
      placeholder="under a name of its own"
      searchable
      value={null}
      data={namedValues(known)}
      nothingFoundMessage="Nothing is called so"
      onChange={(value) => value !== null && onAdd(value)}
    />
  )
}
