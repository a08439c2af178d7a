/** What is sent: something that is known of a person, or something that is written here. */
import { Box, Select, Stack } from '@mantine/core'
import { useMemo } from 'react'
import type { Value } from '../model/definition.js'
import type { TargetField } from '../model/fit.js'
import { freshValue, kindOf, type NamedValue, namedValues, type ValueKind } from '../model/values.js'
import { useTools } from './tools.js'
import { ConstantField, SplitFields, TemplateField } from './written-values.js'

interface ValueFieldProps {
  /** The label, visible or heard. */
  readonly label: { readonly label: string } | { readonly 'aria-label': string }
  /** What the value is for, heard with further fields: "City". */
  readonly of: string
  readonly value: Value | undefined
  /** As the tool describes it. */
  readonly field: TargetField | undefined
  readonly onChange: (value: Value) => void
  readonly error: string | undefined
  /** True where records are found by it: a group decides nothing there. @default false */
  readonly isKey?: boolean
}

/** Kinds that are written, as the list of values has them. */
const WRITTEN: readonly (NamedValue & { readonly kind: Exclude<ValueKind, 'named'> })[] = [
  { kind: 'constant', value: '=constant', label: 'The same for everybody …' },
  { kind: 'template', value: '=template', label: 'A text with values in it …' },
  { kind: 'split', value: '=split', label: 'One of several groups …' },
]

/** The choice, and what belongs to it. */
export function ValueField({ label, of, value, field, onChange, error, isKey = false }: ValueFieldProps) {
  const { known } = useTools()
  const chosen = value === undefined ? null : typeof value === 'string' ? value : `=${kindOf(value)}`
  const data = useMemo(() => {
    const groups = namedValues(known)
    const written = {
      group: 'Written here',
      items: WRITTEN.filter(({ kind }) => !(isKey && kind === 'split')).map(({ value, label }) => ({
        value,
        label,
      })),
    }
    const all = [...groups, written]
    const isListed = chosen === null || all.some(({ items }) => items.some((item) => item.value === chosen))
    return isListed ? all : [{ group: 'Not known here', items: [{ value: chosen, label: chosen }] }, ...all]
  }, [known, isKey, chosen])
  return (
    <Stack gap={6} miw={0}>
      <Select
        {...label}
        data={data}
        value={chosen}
        placeholder="Choose a value"
        searchable
        allowDeselect={false}
        maxDropdownHeight={320}
        nothingFoundMessage="Nothing is called so"
        error={error}
        onChange={(next) => {
          if (next === null || next === chosen) return
          const written = WRITTEN.find((each) => each.value === next)
          onChange(written === undefined ? next : freshValue(written.kind, value))
        }}
      />
      {typeof value === 'object' && (
        <Box pl="sm">
          {'constant' in value && <ConstantField of={of} value={value} field={field} onChange={onChange} />}
          {'template' in value && <TemplateField of={of} value={value} onChange={onChange} />}
          {'split' in value && <SplitFields of={of} value={value} onChange={onChange} />}
        </Box>
      )}
    </Stack>
  )
}
