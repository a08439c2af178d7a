/** Fields for what has an order: moments, lengths of time, and from one to another. */
import { ActionIcon, Group, NumberInput, Select, Text, TextInput, Tooltip } from '@mantine/core'
import { IconCalendar, IconClock } from '@tabler/icons-react'
import { useState } from 'react'
import type { Json } from '../model/definition.js'
import { DURATION, type ValueKind } from '../model/operators.js'
import { type FieldProps, NumberField } from './literals.js'

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
