/** When something runs by itself, chosen in words. */
import { Chip, Group, Input, NumberInput, Radio, Select, Stack, Text, TextInput } from '@mantine/core'
import { useTimeZone } from '../../app/session.js'
import {
  choiceProblem,
  freshChoice,
  type IntervalUnit,
  SCHEDULE_KINDS,
  type ScheduleChoice,
  sayChoice,
  WEEKDAYS,
} from './schedule.js'

/** Seconds are for trying things out: who has them keeps them. */
const UNITS = ['minutes', 'hours', 'days']

interface ScheduleFormProps {
  readonly value: ScheduleChoice
  readonly onChange: (choice: ScheduleChoice) => void
  /** Of the times, where it is not the workspace's. */
  readonly timeZone?: string
  readonly disabled?: boolean
  /** What is asked. @default "When is it synced?" */
  readonly question?: string
  /** What happens then, as the beginning of a sentence. @default "It is synced" */
  readonly happens?: string
  /** What can be chosen. @default all */
  readonly kinds?: readonly ScheduleChoice['kind'][]
}

/** The kind, and what belongs to it. */
export function ScheduleForm(props: ScheduleFormProps) {
  const { value, onChange, timeZone, disabled = false, kinds } = props
  const { question = 'When is it synced?', happens = 'It is synced' } = props
  const offered = SCHEDULE_KINDS.filter(({ kind }) => kinds?.includes(kind) ?? true)
  const workspaceZone = useTimeZone()
  const problem = choiceProblem(value)
  return (
    <Stack gap="md">
      <Radio.Group
        label={question}
        value={value.kind}
        onChange={(kind) => onChange(freshChoice(kind as ScheduleChoice['kind']))}
      >
        <Group gap="md" mt={6}>
          {offered.map(({ kind, label }) => (
            <Radio key={kind} value={kind} label={label} disabled={disabled} />
          ))}
        </Group>
      </Radio.Group>
      <Details value={value} onChange={onChange} disabled={disabled} problem={problem} />
      {problem === undefined && (
        <Text role="status">
          {happens} <strong>{sayChoice(value)}</strong>
          {value.kind === 'manual' || value.kind === 'interval' ? '' : ` (${timeZone ?? workspaceZone})`}.
        </Text>
      )}
    </Stack>
  )
}

interface DetailsProps {
  readonly value: ScheduleChoice
  readonly onChange: (choice: ScheduleChoice) => void
  readonly disabled: boolean
  readonly problem: string | undefined
}

function Details({ value, onChange, disabled, problem }: DetailsProps) {
  if (value.kind === 'manual') return null
  if (value.kind === 'interval')
    return (
      <Group gap="xs" align="flex-start">
        <NumberInput
          label="Every"
          value={value.count}
          min={1}
          max={999}
          allowDecimal={false}
          error={problem}
          onChange={(count) => onChange({ ...value, count: Number(count) })}
          w={110}
          disabled={disabled}
          hideControls
        />
        <Select
          label="Unit"
          data={value.unit === 'seconds' ? ['seconds', ...UNITS] : UNITS}
          value={value.unit}
          allowDeselect={false}
          onChange={(unit) => onChange({ ...value, unit: unit as IntervalUnit })}
          w={130}
          disabled={disabled}
        />
      </Group>
    )
  if (value.kind === 'expression')
    return (
      <TextInput
        label="Cron expression"
        description="minute, hour, day of month, month, day of week"
        value={value.cron}
        error={problem}
        onChange={(event) => onChange({ ...value, cron: event.currentTarget.value })}
        w={{ base: '100%', xs: 280 }}
        spellCheck={false}
        disabled={disabled}
      />
    )
  const time = (
    <TextInput
      type="time"
      label="At"
      value={value.at}
      error={value.at === '' ? problem : undefined}
      onChange={(event) => onChange({ ...value, at: event.currentTarget.value })}
      w={130}
      disabled={disabled}
    />
  )
  if (value.kind === 'monthly')
    return (
      <Group gap="xs" align="flex-start">
        <NumberInput
          label="Day of the month"
          description={value.day > 28 ? 'Months without this day are skipped.' : undefined}
          value={value.day}
          min={1}
          max={31}
          error={value.at === '' ? undefined : problem}
          hideControls
          onChange={(day) => onChange({ ...value, day: Number(day) })}
          w={170}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          disabled={disabled}
        />
        {time}
      </Group>
    )
  return (
    <Group gap="md" align="flex-start">
      {time}
      <Input.Wrapper
        label="On"
        labelElement="div"
        error={value.weekdays.length === 0 ? problem : undefined}
        role="group"
        aria-label="On these days"
      >
        <Chip.Group
          multiple
          value={value.weekdays.map(String)}
          onChange={(days) =>
            onChange({
              ...value,
              weekdays: WEEKDAYS.map(({ day }) => day).filter((day) => days.includes(`${day}`)),
            })
          }
        >
          <Group gap={6}>
            {WEEKDAYS.map(({ day, short, name }) => (
              <Chip key={day} value={`${day}`} size="sm" aria-label={name} disabled={disabled}>
                {short}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
      </Input.Wrapper>
    </Group>
  )
}
