/** An operator and its literal: what has to hold of a trait or a property. */
import { useMemo } from 'react'
import type { Test } from '../model/conditions.js'
import { isObject } from '../model/definition.js'
import { literalFor, OPERATORS, operatorsFor, type ValueKind } from '../model/operators.js'
import { ScalarField, type SeenValue, TextField, ValuesField } from './literals.js'
import { NameSelect } from './name-select.js'
import { DurationField, MomentField, OrderedField, RangeField } from './time-literals.js'

interface TestFieldsProps {
  /** What is tested, heard with each field: "city". */
  readonly of: string
  readonly test: Test
  readonly kinds: readonly ValueKind[]
  readonly seen: readonly SeenValue[]
  /** @param typed true where the reader goes on typing in one field */
  readonly onChange: (test: Test, typed: boolean) => void
  readonly error?: boolean
}

/** The fields of a test. */
export function TestFields({ of, test, kinds, seen, onChange, error }: TestFieldsProps) {
  const options = useMemo(
    () =>
      operatorsFor(kinds, test.operator).map((value) => ({ value, label: OPERATORS[value]?.title ?? value })),
    [kinds, test.operator],
  )
  return (
    <>
      <NameSelect
        label={`Comparison of ${of}`}
        value={test.operator}
        options={options}
        plain
        width={170}
        onChange={(operator) => onChange({ operator, value: literalFor(operator, test.value, kinds) }, false)}
      />
      <Literal of={of} test={test} kinds={kinds} seen={seen} onChange={onChange} error={error} />
    </>
  )
}

function Literal({ of, test: { operator, value }, kinds, seen, onChange, error }: TestFieldsProps) {
  const shared = { label: `Value of ${of}`, value: isObject(value) ? '' : value, error }
  const set = (next: Test['value']) => onChange({ operator, value: next }, true)
  switch (OPERATORS[operator]?.literal) {
    case 'value':
      return <ScalarField {...shared} kinds={kinds} seen={seen} onChange={set} />
    case 'values':
      return <ValuesField {...shared} kinds={kinds} seen={seen} onChange={set} />
    case 'texts':
      return <ValuesField {...shared} kinds={kinds} seen={seen} onChange={set} textsOnly />
    case 'text':
      return (
        <TextField
          {...shared}
          seen={operator === 'matches' ? [] : seen}
          placeholder={operator === 'matches' ? '^A[0-9]+$' : undefined}
          onChange={set}
        />
      )
    case 'ordered':
      return <OrderedField {...shared} kinds={kinds} onChange={set} />
    case 'range':
      return <RangeField {...shared} kinds={kinds} onChange={set} />
    case 'moment':
      return <MomentField {...shared} onChange={set} />
    case 'duration':
      return <DurationField {...shared} onChange={set} />
    default:
      return null
  }
}
