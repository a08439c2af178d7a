/** What a run may do without asking, in words: guards. */
import { Group, NumberInput, Radio, Select, Stack, Text } from '@mantine/core'
import { Section } from '../../../ui/section.js'
import { readExpiry } from '../model/beyond.js'
import { type Limit, setGuards, setLimit } from '../model/definition.js'
import { problemsAt } from '../model/gaps.js'
import classes from './editor.module.css'
import { errorText, useTools } from './tools.js'

const LIMITS = [
  { guard: 'max_removes', happens: 'leave', title: 'Wait if more leave than' },
  { guard: 'max_adds', happens: 'are added', title: 'Wait if more are added than' },
  { guard: 'max_changes', happens: 'change', title: 'Wait if more change than' },
] as const

export function LimitsSection() {
  const { definition, change, problems } = useTools()
  const { guards = {} } = definition
  const wrong = errorText(problemsAt(problems, 'guards'))
  const stops = guards.on_breach === 'stop'
  return (
    <Section
      title="What needs a look first"
      description="A run beyond these numbers sends nothing before somebody looked at it. Shares are of what the tool holds."
    >
      <Stack gap="md">
        {LIMITS.map(({ guard, happens, title }) => (
          <LimitFields
            key={guard}
            title={stops ? title.replace('Wait', 'Stop') : title}
            happens={happens}
            value={guards[guard] ?? {}}
            onChange={(limit) => change(setLimit(definition, guard, limit))}
          />
        ))}
        {guards.max_removes === undefined && (
          <Text size="sm" c="dimmed">
            Unless you say otherwise, a run waits when 20 people or more leave and they are more than 30% of
            those there.
          </Text>
        )}
        <Text size="sm" c="dimmed">
          A run that would empty the whole audience always waits, and one whose segment could not be counted
          never sends.
        </Text>
        <Radio.Group
          label="Beyond that"
          value={guards.on_breach ?? 'await_approval'}
          error={wrong}
          onChange={(next) => change(setGuards(definition, { on_breach: next as 'await_approval' | 'stop' }))}
        >
          <Group gap="md" mt={6}>
            <Radio value="await_approval" label="The run waits for somebody’s approval" />
            <Radio value="stop" label="The run ends, and nothing is sent" />
          </Group>
        </Radio.Group>
        {!stops && <ExpiryFields />}
      </Stack>
    </Section>
  )
}

function LimitFields(props: {
  readonly title: string
  readonly happens: string
  readonly value: Limit
  readonly onChange: (limit: Limit) => void
}) {
  const { title, happens, value, onChange } = props
  return (
    <fieldset className={classes.limits} aria-label={title}>
      <span>{title}</span>
      <NumberInput
        aria-label={`People who ${happens}`}
        placeholder="any number"
        value={value.count ?? ''}
        min={0}
        allowDecimal={false}
        hideControls
        onChange={(count) => onChange({ ...value, count: typeof count === 'number' ? count : undefined })}
      />
      <span>or</span>
      <NumberInput
        aria-label={`Share of people who ${happens}`}
        placeholder="any share"
        value={value.share === undefined ? '' : Math.round(value.share * 10_000) / 100}
        min={0}
        max={100}
        suffix=" %"
        hideControls
        onChange={(share) =>
          onChange({ ...value, share: typeof share === 'number' ? share / 100 : undefined })
        }
      />
    </fieldset>
  )
}

const UNITS = [
  { value: 'h', label: 'hours' },
  { value: 'd', label: 'days' },
]

/** How long it waits; a length that is written in another way stays as it is. */
function ExpiryFields() {
  const { definition, change } = useTools()
  const expiry = readExpiry(definition.guards?.approval_expires ?? '3d')
  if (expiry === undefined) return null
  const set = (count: number, unit: string) =>
    change(setGuards(definition, { approval_expires: `${count}${unit}` }))
  return (
    <Group gap="xs" align="flex-end">
      <NumberInput
        label="It waits for at most"
        value={expiry.count}
        min={1}
        max={999}
        allowDecimal={false}
        hideControls
        w={150}
        onChange={(count) => typeof count === 'number' && set(count, expiry.unit)}
      />
      <Select
        aria-label="Hours or days"
        data={UNITS}
        value={expiry.unit}
        allowDeselect={false}
        w={110}
        onChange={(unit) => unit !== null && set(expiry.count, unit)}
      />
    </Group>
  )
}
