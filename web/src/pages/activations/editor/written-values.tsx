/** Values that are written: the same for everybody, a text with values in it, one of several groups. */
import {
  ActionIcon,
  Button,
  Group,
  Menu,
  NumberInput,
  Select,
  Stack,
  Text,
  Textarea,
  TextInput,
  VisuallyHidden,
} from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useRef } from 'react'
import { renamed, withEntry } from '../../../ui/entries.js'
import type { Scalar, Value } from '../model/definition.js'
import type { TargetField } from '../model/fit.js'
import { namedValues } from '../model/values.js'
import { NameField } from './name-field.js'
import { useTools } from './tools.js'

type Written = Exclude<Value, string>
type Constant = Extract<Written, { readonly constant: unknown }>
type Template = Extract<Written, { readonly template: unknown }>
type Split = Extract<Written, { readonly split: unknown }>

interface WrittenProps<V> {
  readonly of: string
  readonly value: V
  readonly onChange: (value: Value) => void
}

/** As the tool's field wants it; where that takes anything, its kind can be chosen. */
export function ConstantField({
  of,
  value: { constant },
  field,
  onChange,
}: WrittenProps<Constant> & { readonly field: TargetField | undefined }) {
  const set = (next: Scalar) => onChange({ constant: next })
  const label = `Text for ${of}`
  if (field?.oneOf !== undefined)
    return (
      <Select
        aria-label={label}
        data={[...field.oneOf]}
        value={constant === null || constant === '' ? null : String(constant)}
        placeholder="Choose one"
        allowDeselect={false}
        onChange={(next) => next !== null && set(next)}
      />
    )
  const kind = kindOfConstant(constant, field)
  const input =
    kind === 'boolean' ? (
      <Select
        aria-label={label}
        data={[
          { value: 'true', label: 'yes' },
          { value: 'false', label: 'no' },
        ]}
        value={typeof constant === 'boolean' ? String(constant) : null}
        placeholder="yes or no"
        allowDeselect={false}
        onChange={(next) => set(next === 'true')}
      />
    ) : kind === 'number' ? (
      <NumberInput
        aria-label={label}
        value={typeof constant === 'number' ? constant : ''}
        placeholder="a number"
        hideControls
        onChange={(next) => set(typeof next === 'number' ? next : '')}
      />
    ) : (
      <TextInput
        aria-label={label}
        value={constant === null ? '' : String(constant)}
        placeholder={constant === null ? 'no value' : 'a text'}
        onChange={(event) => set(event.currentTarget.value)}
      />
    )
  if (field !== undefined) return input
  return (
    <Group gap={6} wrap="nowrap">
      <div style={{ flex: 1 }}>{input}</div>
      <Select
        aria-label={`Kind of the text for ${of}`}
        w={110}
        data={[
          { value: 'text', label: 'text' },
          { value: 'number', label: 'number' },
          { value: 'boolean', label: 'yes or no' },
        ]}
        value={kind}
        allowDeselect={false}
        onChange={(next) => set(next === 'number' ? 0 : next === 'boolean' ? true : '')}
      />
    </Group>
  )
}

function kindOfConstant(constant: Scalar, field: TargetField | undefined): 'text' | 'number' | 'boolean' {
  if (typeof constant === 'number') return 'number'
  if (typeof constant === 'boolean') return 'boolean'
  if (field === undefined || constant !== '') return 'text'
  if (/^bool/.test(field.type)) return 'boolean'
  return /^(u?int|float|double|decimal|number|integer)/.test(field.type) ? 'number' : 'text'
}

/** A text; values are put in where the cursor stands. */
export function TemplateField({ of, value: { template }, onChange }: WrittenProps<Template>) {
  const { known } = useTools()
  const input = useRef<HTMLTextAreaElement>(null)
  const insert = (name: string) => {
    const at = input.current?.selectionStart ?? template.length
    onChange({ template: `${template.slice(0, at)}{{ ${name} }}${template.slice(at)}` })
  }
  return (
    <Stack gap={4} align="flex-start">
      <Textarea
        ref={input}
        aria-label={`Text for ${of}`}
        placeholder="Hello {{ traits.first_name | default: &quot;friend&quot; }}"
        value={template}
        autosize
        minRows={1}
        w="100%"
        spellCheck={false}
        onChange={(event) => onChange({ template: event.currentTarget.value })}
      />
      <Menu position="bottom-start">
        <Menu.Target>
          <Button variant="default" size="compact-xs">
            Put a value in<VisuallyHidden>to the text for {of}</VisuallyHidden>
          </Button>
        </Menu.Target>
        <Menu.Dropdown mah={320} style={{ overflowY: 'auto' }}>
          {namedValues(known).map(({ group, items }) => (
            <div key={group}>
              <Menu.Label>{group}</Menu.Label>
              {items.map((item) => (
                <Menu.Item key={item.value} onClick={() => insert(item.value)}>
                  {item.label}
                </Menu.Item>
              ))}
            </div>
          ))}
        </Menu.Dropdown>
      </Menu>
    </Stack>
  )
}

/** Names of groups, each with its share in percent. */
export function SplitFields({ of, value, onChange }: WrittenProps<Split>) {
  const { split } = value
  const names = Object.keys(split)
  const set = (next: Readonly<Record<string, number>>) => onChange({ ...value, split: next })
  return (
    <Stack gap={4} align="flex-start">
      {names.map((name, index) => (
        // A name is typed into this row: the place is what stays the same.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <Group key={index} gap={6} wrap="nowrap" align="flex-start">
          <NameField
            label={{ 'aria-label': `Group ${index + 1} of ${of}` }}
            name={name}
            taken={names}
            onRename={(next) => set(renamed(split, name, next, split[name]!))}
          />
          <NumberInput
            aria-label={`Share of ${name}`}
            value={Math.round(split[name]! * 10_000) / 100}
            min={0.01}
            max={100}
            suffix=" %"
            hideControls
            w={90}
            onChange={(share) => typeof share === 'number' && set({ ...split, [name]: share / 100 })}
          />
          <ActionIcon
            size="lg"
            aria-label={`Remove the group ${name}`}
            disabled={names.length < 3}
            onClick={() => set(withEntry(split, name, undefined))}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      <Button
        variant="default"
        size="compact-xs"
        leftSection={<IconPlus size={12} aria-hidden />}
        onClick={() => set({ ...split, [nextName(names)]: 0.1 })}
      >
        Add a group
      </Button>
      <Text size="sm" c="dimmed">
        The shares make 100% together. Everybody is in one group, always the same.
      </Text>
    </Stack>
  )
}

function nextName(names: readonly string[]): string {
  for (let code = 'a'.charCodeAt(0); ; code += 1) {
    const name = String.fromCharCode(code)
    if (!names.includes(name)) return name
  }
}
