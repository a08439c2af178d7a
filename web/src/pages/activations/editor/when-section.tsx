/** When it is sent by itself. */
import { Group, Radio, Stack, Text } from '@mantine/core'
import { ScheduleForm } from '../../../ui/schedule/schedule-form.js'
import { Section } from '../../../ui/section.js'
import { withPart } from '../model/definition.js'
import { problemsAt } from '../model/gaps.js'
import {
  choiceOf,
  freshTrigger,
  kindOfTrigger,
  TRIGGERS,
  type TriggerKind,
  triggerOf,
} from '../model/trigger.js'
import { errorText, useTools } from './tools.js'

export function WhenSection() {
  const { definition, change, problems } = useTools()
  const { trigger = 'manual' } = definition
  const kind = kindOfTrigger(trigger)
  const zone =
    typeof trigger === 'object' && 'cron' in trigger.schedule ? trigger.schedule.time_zone : undefined
  return (
    <Section title="When it is sent">
      <Stack gap="md">
        <Radio.Group
          label="It is sent"
          value={kind}
          error={errorText(problemsAt(problems, 'trigger'))}
          onChange={(next) => change(withPart(definition, 'trigger', freshTrigger(next as TriggerKind)))}
        >
          <Group gap="md" mt={6}>
            {TRIGGERS.map(({ kind, label }) => (
              <Radio key={kind} value={kind} label={label} />
            ))}
          </Group>
        </Radio.Group>
        {kind === 'manual' && (
          <Text size="sm" c="dimmed">
            Good to begin with: look at a dry run, send once, and let it go by itself when all is well.
          </Text>
        )}
        {typeof trigger === 'object' && (
          <ScheduleForm
            question="How often?"
            happens="It is sent"
            kinds={['interval', 'days', 'monthly', 'expression']}
            value={choiceOf(trigger)}
            timeZone={zone}
            onChange={(choice) => change(withPart(definition, 'trigger', triggerOf(choice, trigger)))}
          />
        )}
      </Stack>
    </Section>
  )
}
