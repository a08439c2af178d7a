/** Something done: how often or how much, when, and of what kind. */
import { Checkbox, Group, Text } from '@mantine/core'
import { words } from '../../profiles/parts/names.js'
import { type PerformedCondition, type Question, withZone } from '../model/conditions.js'
import { isObject, type Json } from '../model/definition.js'
import { AGGREGATE_COMPARISONS, AGGREGATES, COUNT_COMPARISONS, OWN_VALUE } from '../model/operators.js'
import { NumberField, ScalarField } from './literals.js'
import { NameSelect, WordSelect } from './name-select.js'
import { usePropertyValues } from './seen-values.js'
import { kindsOfProperty, useTools } from './tools.js'
import { EventSelect, WhereList } from './where-fields.js'
import { WindowFields } from './window-fields.js'
import { ConditionZone } from './zone-fields.js'

/** Questions in words, and how each begins. */
const ASKED: Readonly<Record<string, { readonly title: string; readonly question: Question }>> = {
  any: { title: 'at least once', question: { ask: 'any' } },
  never: { title: 'never', question: { ask: 'times', comparison: 'eq', value: 0 } },
  times: { title: 'so many times', question: { ask: 'times', comparison: 'gte', value: 2 } },
  aggregate: {
    title: 'so much',
    question: { ask: 'aggregate', of: 'sum', property: '', comparison: 'gte', operand: '' },
  },
  first: { title: 'for the first time', question: { ask: 'occurrence', which: 'first' } },
  last: { title: 'for the last time', question: { ask: 'occurrence', which: 'last' } },
}

function askedOf(question: Question): string {
  if (question.ask === 'occurrence') return question.which
  return question.ask === 'times' && question.comparison === 'eq' && question.value === 0
    ? 'never'
    : question.ask
}

interface PerformedFieldsProps {
  readonly condition: PerformedCondition
  readonly onChange: (condition: PerformedCondition, about?: string) => void
  readonly hasProblem: (key: string) => boolean
}

/** The fields of something done. */
export function PerformedFields({ condition, onChange, hasProblem }: PerformedFieldsProps) {
  const { event, question, where, window } = condition
  const { timeZone } = useTools()
  const titles = Object.fromEntries(Object.entries(ASKED).map(([key, { title }]) => [key, title]))
  return (
    <>
      <Text size="sm">did</Text>
      <EventSelect
        value={event}
        error={hasProblem('performed')}
        onChange={(next) => onChange({ ...condition, event: next })}
      />
      <WordSelect
        label="How often or how much"
        value={askedOf(question)}
        words={titles}
        width={160}
        onChange={(asked) => onChange({ ...condition, question: ASKED[asked]?.question ?? question })}
      />
      <QuestionFields
        condition={condition}
        hasProblem={hasProblem}
        onChange={(next, typed) => onChange({ ...condition, question: next }, typed ? 'question' : undefined)}
      />
      <WindowFields
        window={window}
        error={['within', 'between', 'since', 'until'].some(hasProblem)}
        onChange={(next, typed) => onChange({ ...condition, window: next }, typed ? 'window' : undefined)}
      />
      <ConditionZone
        timeZone={condition.timeZone}
        segmentZone={timeZone}
        onChange={(next) => onChange(withZone(condition, next))}
      />
      {event !== '' && (
        <WhereList
          event={event}
          where={where ?? []}
          error={hasProblem('where')}
          onChange={(next, typed) => {
            const { where: _before, ...rest } = condition
            onChange(next === undefined ? rest : { ...rest, where: next }, typed ? 'where' : undefined)
          }}
        />
      )}
    </>
  )
}

function QuestionFields(props: {
  readonly condition: PerformedCondition
  readonly onChange: (question: Question, typed: boolean) => void
  readonly hasProblem: (key: string) => boolean
}) {
  const { condition, onChange, hasProblem } = props
  const { question } = condition
  if (question.ask === 'times' && askedOf(question) !== 'never') {
    return <TimesFields question={question} onChange={onChange} error={hasProblem('times')} />
  }
  if (question.ask === 'aggregate') {
    return <AggregateFields {...props} question={question} event={condition.event} />
  }
  return null
}

function TimesFields(props: {
  readonly question: Extract<Question, { readonly ask: 'times' }>
  readonly onChange: (question: Question, typed: boolean) => void
  readonly error: boolean
}) {
  const { question, onChange, error } = props
  const { comparison, value } = question
  const [from, to] = Array.isArray(value) ? (value as readonly Json[]) : [value, value]
  return (
    <Group gap={6} wrap="nowrap">
      <WordSelect
        label="Comparison of the number of times"
        value={comparison}
        words={COUNT_COMPARISONS}
        width={120}
        onChange={(next) =>
          onChange(
            {
              ask: 'times',
              comparison: next,
              value: next === 'between' ? [from ?? 1, to ?? 2] : (from ?? 1),
            },
            false,
          )
        }
      />
      <NumberField
        label="Times"
        whole
        width={84}
        value={from ?? ''}
        error={error}
        onChange={(next) =>
          onChange({ ...question, value: comparison === 'between' ? [next, to ?? ''] : next }, true)
        }
      />
      {comparison === 'between' && (
        <>
          <Text size="sm">and</Text>
          <NumberField
            label="Times, at most"
            whole
            width={84}
            value={to ?? ''}
            error={error}
            onChange={(next) => onChange({ ...question, value: [from ?? '', next] }, true)}
          />
        </>
      )}
      <Text size="sm">times</Text>
    </Group>
  )
}

function AggregateFields(props: {
  readonly question: Extract<Question, { readonly ask: 'aggregate' }>
  readonly event: string
  readonly onChange: (question: Question, typed: boolean) => void
  readonly hasProblem: (key: string) => boolean
}) {
  const { question, event, onChange, hasProblem } = props
  const { of, property = '', comparison, operand } = question
  const { vocabulary } = useTools()
  const properties = vocabulary.events.find((each) => each.event === event)?.properties ?? []
  const ownValue = OWN_VALUE.has(of)
  const comparisons = Object.fromEntries(
    Object.entries(AGGREGATE_COMPARISONS).filter(
      ([name]) => name === comparison || !ownValue || name.endsWith('eq'),
    ),
  )
  const chooseAggregate = (next: string) => {
    const { property: _before, ...rest } = question
    const fits = !OWN_VALUE.has(next) || comparison.endsWith('eq')
    onChange(
      { ...rest, of: next, ...(next !== 'count' && { property }), ...(!fits && { comparison: 'eq' }) },
      false,
    )
  }
  return (
    <>
      <WordSelect
        label="What is computed"
        value={of}
        words={AGGREGATES}
        width={190}
        onChange={chooseAggregate}
      />
      {of !== 'count' && (
        <NameSelect
          label="Property that is computed with"
          placeholder="Property"
          value={property}
          options={properties.map((each) => ({
            value: each.property,
            label: words(each.property),
            hint: each.kinds.join(', '),
          }))}
          width={150}
          error={hasProblem('aggregate')}
          nothing="This event has no properties"
          onChange={(next) => onChange({ ...question, property: next }, false)}
        />
      )}
      <WordSelect
        label="Comparison of what is computed"
        value={comparison}
        words={comparisons}
        width={130}
        onChange={(next) => onChange({ ...question, comparison: next }, false)}
      />
      <OperandField
        operand={operand}
        event={event}
        property={ownValue ? property : ''}
        error={hasProblem(comparison)}
        onChange={(next, typed) => onChange({ ...question, operand: next }, typed)}
      />
    </>
  )
}

function OperandField(props: {
  readonly operand: Json
  readonly event: string
  /** The property whose own value is compared; empty: a number. */
  readonly property: string
  readonly onChange: (operand: Json, typed: boolean) => void
  readonly error: boolean
}) {
  const { operand, event, property, onChange, error } = props
  const { vocabulary } = useTools()
  const seen = usePropertyValues(event, property)
  const isTrait = isObject(operand)
  const kinds = property === '' ? (['number'] as const) : kindsOfProperty(vocabulary, event, property)
  return (
    <>
      {isTrait ? (
        <NameSelect
          label="Trait to compare with"
          value={String(operand.trait ?? '')}
          options={vocabulary.traits.map(({ trait, description }) => ({
            value: trait,
            label: words(trait),
            hint: description,
          }))}
          width={190}
          error={error}
          onChange={(trait) => onChange({ trait }, false)}
        />
      ) : (
        <ScalarField
          label="Value to compare with"
          value={operand}
          kinds={kinds}
          seen={seen}
          error={error}
          onChange={(next) => onChange(next, true)}
        />
      )}
      <Checkbox
        size="xs"
        label="their own trait"
        checked={isTrait}
        onChange={() => onChange(isTrait ? '' : { trait: '' }, false)}
      />
    </>
  )
}
