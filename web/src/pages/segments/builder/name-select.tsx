/** Chooses one of the names that there are, by typing a part of it; each with what it holds. */
import { Group, Select, Text } from '@mantine/core'
import { useMemo } from 'react'

/** A name to choose. */
export interface NameOption {
  readonly value: string
  /** What people call it. @default the value */
  readonly label?: string
  /** Beside it, smaller: "1,204 people". */
  readonly hint?: string
}

interface NameSelectProps {
  /** Heard as its name: "Event". */
  readonly label: string
  readonly value: string
  readonly options: readonly NameOption[]
  readonly onChange: (value: string) => void
  readonly placeholder?: string
  readonly error?: boolean
  readonly width?: number | string
  /** Said where there is nothing to choose. */
  readonly nothing?: string
  /** True where the list is short enough to be read. @default false */
  readonly plain?: boolean
}

/** A name that is chosen but is not among the options stays, and is shown as it is. */
export function NameSelect(props: NameSelectProps) {
  const { label, value, options, onChange, placeholder, error, width = 220, nothing, plain = false } = props
  const data = useMemo(() => {
    const known = options.some((option) => option.value === value)
    const all = known || value === '' ? options : [{ value, hint: 'not known here' }, ...options]
    return all.map((option) => ({ value: option.value, label: option.label ?? option.value }))
  }, [options, value])
  const hints = useMemo(() => new Map(options.map((option) => [option.value, option.hint])), [options])
  return (
    <Select
      aria-label={label}
      size="sm"
      w={{ base: '100%', xs: width }}
      value={value === '' ? null : value}
      data={data}
      onChange={(chosen) => {
        if (chosen !== null) onChange(chosen)
      }}
      searchable={!plain}
      allowDeselect={false}
      placeholder={placeholder ?? label}
      error={error}
      maxDropdownHeight={320}
      comboboxProps={{
        width: plain ? 'target' : 'max-content',
        position: 'bottom-start',
        withinPortal: true,
      }}
      nothingFoundMessage={options.length === 0 ? (nothing ?? 'There is none yet') : 'None is called so'}
      renderOption={({ option }) => (
        <Group justify="space-between" gap="lg" wrap="nowrap" w="100%">
          <Text size="sm">{option.label}</Text>
          {hints.get(option.value) !== undefined && (
            <Text size="xs" c="dimmed">
              {hints.get(option.value)}
            </Text>
          )}
        </Group>
      )}
    />
  )
}

/** A short list of words, without a search. */
export function WordSelect(
  props: Omit<NameSelectProps, 'options' | 'plain'> & { readonly words: Readonly<Record<string, string>> },
) {
  const { words, ...rest } = props
  const options = useMemo(() => Object.entries(words).map(([value, label]) => ({ value, label })), [words])
  return <NameSelect {...rest} options={options} plain />
}
