/** The fields of one condition, by its kind, in the order of a sentence. */
import { Anchor, Code, NumberInput, Text, TextInput } from '@mantine/core'
import { Link } from 'react-router'
import { formatCount } from '../../../ui/format.js'
import { words } from '../../profiles/parts/names.js'
import type { Vocabulary } from '../api.js'
import { type Condition, type TraitCondition, withZone } from '../model/conditions.js'
import { blankLiteral, operatorsFor } from '../model/operators.js'
import { NameSelect, WordSelect } from './name-select.js'
import { PerformedFields } from './performed-fields.js'
import { useTraitValues } from './seen-values.js'
import { SequenceFields } from './sequence-fields.js'
import { TestFields } from './test-fields.js'
import { kindsOfTrait, type PlacedProblem, useTools } from './tools.js'
import { ConditionZone } from './zone-fields.js'

interface ConditionFieldsProps<C extends Condition = Condition> {
  readonly condition: C
  /** @param about the field that is typed in */
  readonly onChange: (condition: Condition, about?: string) => void
  readonly problems: readonly PlacedProblem[]
}

/** What can be edited of a condition. */
export function ConditionFields({ condition, onChange, problems }: ConditionFieldsProps) {
  const { vocabulary, self } = useTools()
  const wrong = problems.length > 0
  const hasProblem = (key: string) => problems.some(({ rest }) => rest[0] === key)
  switch (condition.kind) {
    case 'trait':
      return <TraitFields condition={condition} onChange={onChange} problems={problems} />
    case 'performed':
      return <PerformedFields condition={condition} onChange={onChange} hasProblem={hasProblem} />
    case 'sequence':
      return <SequenceFields condition={condition} onChange={onChange} problems={problems} />
    case 'segment':
      return (
        <>
          <Text size="sm">are in the segment</Text>
          <NameSelect
            label="Segment"
            value={condition.segment}
            options={vocabulary.segments
              .filter(({ id }) => id !== self)
              .map(({ id, name }) => ({ value: id, label: name, hint: id }))}
            error={wrong}
            width={260}
            onChange={(segment) => onChange({ kind: 'segment', segment })}
          />
          {condition.segment !== '' && (
            <Anchor component={Link} to={`/segments/${condition.segment}`} target="_blank" size="sm">
              show it
            </Anchor>
          )}
        </>
      )
    case 'list':
      return (
        <>
          <Text size="sm">are on the list</Text>
          <NameSelect
            label="List"
            value={condition.list}
            options={vocabulary.lists.map(({ list, entries }) => ({
              value: list,
              hint: formatCount(entries, 'entry', 'entries'),
            }))}
            error={wrong}
            nothing="There are no lists yet"
            onChange={(list) => onChange({ kind: 'list', list })}
          />
          <Anchor component={Link} to="/segments/lists" target="_blank" size="sm">
            make or change lists
          </Anchor>
        </>
      )
    case 'consent':
      return (
        <>
          <Text size="sm">agreed to</Text>
          <NameSelect
            label="Purpose"
            value={condition.purpose}
            options={vocabulary.consents.map((value) => ({ value }))}
            error={wrong}
            nothing="No mapping makes a trait consent.<purpose> yet"
            onChange={(purpose) => onChange({ kind: 'consent', purpose })}
          />
          <Text size="sm">and were not suppressed</Text>
        </>
      )
    case 'identifier':
      return (
        <>
          <WordSelect
            label="Known or not"
            value={condition.known ? 'known' : 'unknown'}
            words={{ known: 'have a known', unknown: 'have no' }}
            width={150}
            onChange={(word) => onChange({ ...condition, known: word === 'known' })}
          />
          <NameSelect
            label="Identifier"
            value={condition.type}
            options={vocabulary.identifiers.map((value) => ({ value, label: value.replaceAll('_', ' ') }))}
            error={wrong}
            onChange={(type) => onChange({ ...condition, type })}
          />
        </>
      )
    case 'random':
      return <RandomFields condition={condition} onChange={onChange} problems={problems} />
    case 'everyone':
      return <Text size="sm">are anybody at all</Text>
    case 'other':
      return (
        <>
          <Text size="sm">fulfil what was written by hand, and has no form here:</Text>
          <Code block w="100%">
            {JSON.stringify(condition.value, null, 1)}
          </Code>
        </>
      )
  }
}

function TraitFields({ condition, onChange, problems }: ConditionFieldsProps<TraitCondition>) {
  const { vocabulary, timeZone } = useTools()
  const { trait, test } = condition
  const seen = useTraitValues(trait)
  const kinds = kindsOfTrait(vocabulary, trait)
  const choose = (name: string) => {
    const nextKinds = kindsOfTrait(vocabulary, name)
    const fitting = operatorsFor(nextKinds)
    const isChosen = trait !== '' && fitting.includes(test.operator)
    const operator = isChosen ? test.operator : firstOperator(nextKinds.includes('number'), fitting)
    onChange({ kind: 'trait', trait: name, test: { operator, value: blankLiteral(operator, nextKinds) } })
  }
  return (
    <>
      <Text size="sm">whose</Text>
      <NameSelect
        label="Trait"
        value={trait}
        options={traitOptions(vocabulary)}
        error={problems.some(({ rest }) => rest[0] === 'trait')}
        nothing="No mapping makes traits yet"
        onChange={choose}
      />
      {trait !== '' && (
        <TestFields
          of={words(trait)}
          test={test}
          kinds={kinds}
          seen={seen}
          error={problems.some(({ rest }) => rest[0] !== 'trait')}
          onChange={(next, typed) => onChange({ ...condition, test: next }, typed ? 'test' : undefined)}
        />
      )}
      <ConditionZone
        timeZone={condition.timeZone}
        segmentZone={timeZone}
        onChange={(next) => onChange(withZone(condition, next))}
      />
    </>
  )
}

const firstOperator = (isNumber: boolean, fitting: readonly string[]): string =>
  isNumber && fitting.includes('gte') ? 'gte' : (fitting[0] ?? 'exists')

function traitOptions({ traits }: Vocabulary) {
  return traits.map(({ trait, people }) => {
    const counts = Object.values(people).filter((each) => each !== undefined)
    return {
      value: trait,
      label: words(trait),
      hint: formatCount(Math.max(0, ...counts), 'person', 'people'),
    }
  })
}

function RandomFields(props: ConditionFieldsProps<Extract<Condition, { readonly kind: 'random' }>>) {
  const { condition, onChange, problems } = props
  const { share, seed } = condition
  return (
    <>
      <Text size="sm">are among a random</Text>
      <NumberInput
        aria-label="Share in percent"
        size="sm"
        w={96}
        min={0}
        max={100}
        decimalScale={2}
        suffix=" %"
        value={typeof share === 'number' ? Math.round(share * 10_000) / 100 : ''}
        error={problems.length > 0}
        onChange={(percent) =>
          onChange(
            { ...condition, share: percent === '' ? '' : Math.round(Number(percent) * 100) / 10_000 },
            'share',
          )
        }
      />
      <Text size="sm">of all, drawn by</Text>
      <TextInput
        aria-label="Seed: the same seed draws the same people"
        size="sm"
        w={160}
        placeholder="this segment"
        value={seed ?? ''}
        onChange={(event) => {
          const next = event.currentTarget.value
          onChange({ kind: 'random', share, ...(next !== '' && { seed: next }) }, 'seed')
        }}
      />
    </>
  )
}
