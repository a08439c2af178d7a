/** When an activation runs by itself, as a form asks for it. */
import {
  choiceProblem,
  readSchedule,
  type ScheduleChoice,
  sayChoice,
  writeSchedule,
} from '../../../ui/schedule/schedule.js'
import type { Trigger } from './definition.js'

export type TriggerKind = 'after_refresh' | 'schedule' | 'manual'

/** What can be chosen, in the order in which it is offered. */
export const TRIGGERS: readonly { readonly kind: TriggerKind; readonly label: string }[] = [
  { kind: 'after_refresh', label: 'After each refresh of the segments' },
  { kind: 'schedule', label: 'By a schedule' },
  { kind: 'manual', label: 'Only when somebody asks' },
]

export function kindOfTrigger(trigger: Trigger | undefined): TriggerKind {
  if (typeof trigger === 'object') return 'schedule'
  return trigger ?? 'manual'
}

/** A trigger of that kind; a schedule begins once a day. */
export function freshTrigger(kind: TriggerKind): Trigger {
  return kind === 'schedule' ? { schedule: { cron: '0 6 * * *' } } : kind
}

export function choiceOf(trigger: Trigger): ScheduleChoice {
  return readSchedule(typeof trigger === 'object' ? trigger.schedule : undefined)
}

/** The trigger of a choice; what the form does not show stays. */
export function triggerOf(choice: ScheduleChoice, before: Trigger): Trigger {
  const schedule = writeSchedule(choice, typeof before === 'object' ? before.schedule : undefined)
  return schedule === 'manual' ? 'manual' : { schedule }
}

/** The end of a sentence: `after each refresh`, `every day at 06:00`. */
export function triggerWords(trigger: Trigger | undefined): string {
  if (typeof trigger === 'object') return sayChoice(choiceOf(trigger))
  return trigger === 'after_refresh' ? 'after each refresh' : 'when somebody asks'
}

/** What is wrong with the schedule; undefined where nothing is. */
export function triggerProblem(trigger: Trigger | undefined): string | undefined {
  return typeof trigger === 'object' ? choiceProblem(choiceOf(trigger)) : undefined
}
