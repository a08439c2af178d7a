/** Fields for the literals of conditions: texts, numbers, truth values, and lists of them. */
import { Autocomplete, Group, NumberInput, Select, TagsInput, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { formatCount } from '../../../ui/format.js'
import type { Json } from '../model/definition.js'
import type { ValueKind } from '../model/operators.js'

/** A value that was seen, and how often. */
export interface SeenValue {
  readonly value: string | number | boolean
  readonly count: number
}

export interface FieldProps<T extends Json> {
  /** Heard as its name: "City". */
  readonly label: string
  readonly value: Json
  readonly onChange: (value: T) => void
  readonly error?: boolean
}

interface SuggestingProps {
  readonly kinds: readonly ValueKind[]
  /** Values to choose from. */
  readonly seen: readonly SeenValue[]
}

/** One value, of the kind that the trait or property has. */
export function ScalarField(props: FieldProps<string | number | boolean> & SuggestingProps) {
  const { label, value, onChange, error, kinds, seen } = props
  const kind = kindOf(value, kinds)
  if (kind === 'boolean') {
    return (
      <Select
        aria-label={label}
        size="sm"
        w={100}
        data={[
          { value: 'true', label: 'yes' },
          { value: 'false', label: 'no' },
        ]}
        value={typeof value === 'boolean' ? String(value) : null}
        allowDeselect={false}
        error={error}
        onChange={(chosen) => onChange(chosen === 'true')}
      />
    )
  }
  const field =
    kind === 'number' ? (
      <NumberField label={label} value={value} onChange={onChange} error={error} />
    ) : (
      <TextField label={label} value={value} onChange={onChange} error={error} seen={seen} />
    )
  if (kinds.filter((each) => each === 'text' || each === 'number').length < 2 && kinds.length > 0)
    return field
  return (
    <Group gap={4} wrap="nowrap">
      {field}
      <Select
        aria-label={`Kind of ${label}`}
        size="sm"
        w={96}
        data={[
          { value: 'text', label: 'text' },
          { value: 'number', label: 'number' },
        ]}
        value={kind}
        allowDeselect={false}
        onChange={(chosen) => onChange(chosen === 'number' ? toNumber(value) : String(value))}
      />
    </Group>
  )
}

function kindOf(value: Json, kinds: readonly ValueKind[]): 'text' | 'number' | 'boolean' {
  if (typeof value === 'number') return 'number'
  if (typeof value === 'boolean') return 'boolean'
  if (value === '' && kinds.length === 1 && (kinds[0] === 'number' || kinds[0] === 'boolean')) return kinds[0]
  return 'text'
}

/** Text, with values that were seen to choose from. */
export function TextField(
  props: FieldProps<string> & { readonly seen?: readonly SeenValue[]; readonly placeholder?: string },
) {
  const { label, value, onChange, error, seen = [], placeholder = 'a text' } = props
  const texts = seen.filter((each) => typeof each.value === 'string')
  const counts = new Map(texts.map((each) => [String(each.value), each.count]))
  return (
    <Autocomplete
      aria-label={label}
      size="sm"
      w={{ base: '100%', xs: 200 }}
      value={String(value ?? '')}
      onChange={onChange}
      data={[...counts.keys()]}
      placeholder={placeholder}
      error={error}
      maxDropdownHeight={280}
      renderOption={({ option }) => <SeenOption value={option.value} count={counts.get(option.value)} />}
    />
  )
}

function SeenOption({
  value,
  count,
}: {
  readonly value: string
  readonly count: number | undefined
}): ReactNode {
  return (
    <Group justify="space-between" gap="md" wrap="nowrap" w="100%">
      <Text size="sm" truncate>
        {value}
      </Text>
      {count !== undefined && (
        <Text size="xs" c="dimmed">
          {formatCount(count, 'time')}
        </Text>
      )}
    </Group>
  )
}

/** A number; empty until there is one. */
export function NumberField(
  props: FieldProps<number | string> & { readonly whole?: boolean; readonly width?: number },
) {
  const { label, value, onChange, error, whole = false, width = 120 } = props
  return (
    <NumberInput
      aria-label={label}
      size="sm"
      w={width}
      value={typeof value === 'number' ? value : ''}
      onChange={onChange}
      allowDecimal={!whole}
      allowNegative={!whole}
      min={whole ? 0 : undefined}
      placeholder="a number"
      thousandSeparator=","
      error={error}
      hideControls={!whole}
      stepHoldDelay={500}
      stepHoldInterval={100}
    />
  )
}

/** Several values, each a tag. */
export function ValuesField(
  props: FieldProps<readonly (string | number | boolean)[]> &
    SuggestingProps & { readonly textsOnly?: boolean },
) {
  const { label, value, onChange, error, kinds, seen, textsOnly = false } = props
  const values = Array.isArray(value) ? (value as readonly (string | number | boolean)[]) : []
  const before = new Map(values.map((each) => [String(each), each]))
  const counts = new Map(seen.map((each) => [String(each.value), each]))
  const asNumber = !textsOnly && kinds.length === 1 && kinds[0] === 'number'
  const valueFor = (text: string) =>
    before.get(text) ?? (textsOnly ? text : (counts.get(text)?.value ?? (asNumber ? toNumber(text) : text)))
  return (
    <TagsInput
      aria-label={label}
      size="sm"
      miw={200}
      maw={480}
      value={values.map(String)}
      onChange={(texts) => onChange(texts.map(valueFor))}
      data={[...counts.keys()]}
      placeholder={values.length === 0 ? 'type a value, then Enter' : undefined}
      acceptValueOnBlur
      error={error}
      maxDropdownHeight={280}
      renderOption={({ option }) => (
        <SeenOption value={option.value} count={counts.get(option.value)?.count} />
      )}
    />
  )
}

function toNumber(value: Json): number | string {
  const number = Number(value)
  return value === '' || !Number.isFinite(number) ? '' : number
}
