/** One thing after another: steps that happened, or did not, within a length of time. */
import { ActionIcon, Box, Button, Group, Text, Tooltip } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconPlus, IconX } from '@tabler/icons-react'
import { blankStep } from '../model/blank.js'
import type { SequenceCondition, Step } from '../model/conditions.js'
import type { Path } from '../model/definition.js'
import classes from './builder.module.css'
import { WordSelect } from './name-select.js'
import { DurationField } from './time-literals.js'
import type { PlacedProblem } from './tools.js'
import { EventSelect, WhereList } from './where-fields.js'

/** As many as a definition may have. */
const MOST_STEPS = 8

interface SequenceFieldsProps {
  readonly condition: SequenceCondition
  readonly onChange: (condition: SequenceCondition, about?: string) => void
  readonly problems: readonly PlacedProblem[]
}

/** The fields of a sequence. */
export function SequenceFields({ condition, onChange, problems }: SequenceFieldsProps) {
  const { steps, within } = condition
  const set = (next: readonly Step[], about?: string) => onChange({ ...condition, steps: next }, about)
  return (
    <Box w="100%">
      <ol className={classes.steps}>
        {steps.map((step, at) => (
          <li key={step.id} className={classes.step}>
            <StepFields
              step={step}
              at={at}
              error={problems.some(({ rest }) => isIn(rest, at))}
              onChange={(next, about) => set(steps.with(at, next), about)}
            />
            <Group gap={0} wrap="nowrap">
              <StepButton
                label={`Step ${at + 1}: earlier`}
                disabled={at === 0}
                onClick={() => set(swapped(steps, at, at - 1))}
              >
                <IconArrowUp size={16} aria-hidden />
              </StepButton>
              <StepButton
                label={`Step ${at + 1}: later`}
                disabled={at === steps.length - 1}
                onClick={() => set(swapped(steps, at, at + 1))}
              >
                <IconArrowDown size={16} aria-hidden />
              </StepButton>
              <StepButton
                label={`Step ${at + 1}: take it out`}
                disabled={steps.length <= 2}
                onClick={() => set(steps.toSpliced(at, 1))}
              >
                <IconX size={16} aria-hidden />
              </StepButton>
            </Group>
          </li>
        ))}
      </ol>
      <Group gap="sm" mt={6}>
        <Button
          size="compact-sm"
          variant="subtle"
          leftSection={<IconPlus size={14} aria-hidden />}
          disabled={steps.length >= MOST_STEPS}
          onClick={() => set([...steps, blankStep()])}
        >
          Then …
        </Button>
        <Group gap={6}>
          <Text size="sm">all within</Text>
          <DurationField
            label="Length of time of the sequence"
            value={within}
            error={problems.some(({ rest }) => rest[0] === 'within')}
            onChange={(next) => onChange({ ...condition, within: next }, 'within')}
          />
        </Group>
      </Group>
    </Box>
  )
}

function StepFields(props: {
  readonly step: Step
  readonly at: number
  readonly error: boolean
  readonly onChange: (step: Step, about?: string) => void
}) {
  const { step, at, error, onChange } = props
  return (
    <Group gap={6} flex={1}>
      {at === 0 && !step.not ? (
        <Text size="sm">first did</Text>
      ) : (
        <WordSelect
          label={`Step ${at + 1}: happened or not`}
          value={step.not ? 'not' : 'did'}
          words={{
            did: at === 0 ? 'first did' : 'then did',
            not: at === 0 ? 'did not do' : 'then did not do',
          }}
          width={150}
          onChange={(next) => onChange({ ...step, not: next === 'not' })}
        />
      )}
      <EventSelect
        label={`Step ${at + 1}: event`}
        value={step.event}
        error={error}
        onChange={(event) => onChange({ ...step, event })}
      />
      {step.event !== '' && (
        <WhereList
          event={step.event}
          where={step.where ?? []}
          error={error}
          onChange={(where, typed) => {
            const { where: _before, ...rest } = step
            onChange(where === undefined ? rest : { ...rest, where }, typed ? `step-${step.id}` : undefined)
          }}
        />
      )}
    </Group>
  )
}

function StepButton(props: {
  readonly label: string
  readonly disabled: boolean
  readonly onClick: () => void
  readonly children: React.ReactNode
}) {
  return (
    <Tooltip label={props.label}>
      <ActionIcon aria-label={props.label} disabled={props.disabled} onClick={props.onClick}>
        {props.children}
      </ActionIcon>
    </Tooltip>
  )
}

const isIn = (rest: Path, at: number): boolean =>
  rest[0] === 'sequence' && (rest[1] === at || rest[1] === undefined)

function swapped(steps: readonly Step[], one: number, other: number): readonly Step[] {
  return steps.with(one, steps[other]!).with(other, steps[one]!)
}
