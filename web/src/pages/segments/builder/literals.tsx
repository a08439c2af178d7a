/** Fields for the literals of conditions: texts, numbers, truth values, dates, lengths of time, and lists of them. */
import {
  ActionIcon,
  Autocomplete,
  Group,
  NumberInput,
  Select,
  TagsInput,
  Text,
  TextInput,
  Tooltip,
} from '@mantine/core'
import { IconCalendar, IconClock } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { formatCount } from '../../../ui/format.js'
import type { Json } from '../model/definition.js'
import { DURATION, type ValueKind } from '../model/operators.js'

/** A value that was seen, and how often. */
export interface SeenValue {
  readonly value: string | number | boolean
  readonly count: number
}

interface FieldProps<T extends Json> {
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

/** A number or a moment, by the kind. */
export function OrderedField(props: FieldProps<string | number> & { readonly kinds: readonly ValueKind[] }) {
  const { value, kinds, ...rest } = props
  const isTime =
    typeof value === 'string' && value !== '' ? true : kinds.includes('time') && !kinds.includes('number')
  return isTime && typeof value !== 'number' ? (
    <MomentField value={value} {...rest} />
  ) : (
    <NumberField value={value} {...rest} />
  )
}

/** From one to another, both included. */
export function RangeField(props: FieldProps<readonly Json[]> & { readonly kinds: readonly ValueKind[] }) {
  const { label, value, onChange, ...rest } = props
  const [from = '', to = ''] = Array.isArray(value) ? value : []
  return (
    <Group gap={6} wrap="nowrap">
      <OrderedField
        {...rest}
        label={`${label}: from`}
        value={from}
        onChange={(next) => onChange([next, to])}
      />
      <Text size="sm">and</Text>
      <OrderedField {...rest} label={`${label}: to`} value={to} onChange={(next) => onChange([from, next])} />
    </Group>
  )
}

const DATE = /^\d{4}-\d{2}-\d{2}$/
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/

/** A date, or a date with a time of day. One with an offset of its own is edited as text. */
export function MomentField({ label, value, onChange, error }: FieldProps<string>) {
  const text = String(value ?? '')
  const [withTime, setWithTime] = useState(DATE_TIME.test(text))
  const isPlain = text === '' || DATE.test(text) || DATE_TIME.test(text)
  return (
    <Group gap={2} wrap="nowrap">
      <TextInput
        aria-label={label}
        size="sm"
        w={withTime ? 200 : 150}
        type={isPlain ? (withTime ? 'datetime-local' : 'date') : 'text'}
        value={isPlain && withTime && DATE.test(text) ? `${text}T00:00` : text}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={error}
      />
      {isPlain && (
        <Tooltip label={withTime ? 'Without a time of day' : 'With a time of day'}>
          <ActionIcon
            aria-label={`${label}: ${withTime ? 'without' : 'with'} a time of day`}
            onClick={() => {
              setWithTime(!withTime)
              if (text !== '') onChange(withTime ? text.slice(0, 10) : `${text}T00:00`)
            }}
          >
            {withTime ? <IconCalendar size={16} aria-hidden /> : <IconClock size={16} aria-hidden />}
          </ActionIcon>
        </Tooltip>
      )}
    </Group>
  )
}

const UNITS = [
  { value: 'm', label: 'minutes' },
  { value: 'h', label: 'hours' },
  { value: 'd', label: 'days' },
  { value: 'y', label: 'years' },
]

/** A length of time: a number and a unit. */
export function DurationField({ label, value, onChange, error }: FieldProps<string>) {
  const [, count = '', unit = 'd'] = DURATION.exec(String(value ?? '')) ?? []
  const units = unit === 's' ? [{ value: 's', label: 'seconds' }, ...UNITS] : UNITS
  return (
    <Group gap={4} wrap="nowrap">
      <NumberInput
        aria-label={label}
        size="sm"
        w={76}
        min={1}
        allowDecimal={false}
        allowNegative={false}
        value={count === '' ? '' : Number(count)}
        onChange={(next) => onChange(next === '' ? '' : `${Math.trunc(Number(next))}${unit}`)}
        error={error}
      />
      <Select
        aria-label={`${label}: unit`}
        size="sm"
        w={104}
        data={units}
        value={unit}
        allowDeselect={false}
        onChange={(next) => onChange(`${count === '' ? 1 : count}${next ?? 'd'}`)}
      />
    </Group>
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
