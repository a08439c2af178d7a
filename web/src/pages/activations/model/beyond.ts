/** What an activation's file says that no form shows: it is kept as it is, and shown as it is. */
import { type Definition, type Part, valuesOf } from './definition.js'

/** The parts that the form has no field for, at their places; undefined where there are none. */
export function beyondForm(definition: Definition): object | undefined {
  const { holdout, guards, trigger } = definition
  const { approval_expires } = guards ?? {}
  const schedule = typeof trigger === 'object' ? hidden(trigger.schedule, ['cron', 'every']) : undefined
  const parts = {
    ...seeds(definition, 'match'),
    ...seeds(definition, 'fields'),
    ...(holdout?.seed !== undefined && { holdout: { seed: holdout.seed } }),
    ...(approval_expires !== undefined &&
      readExpiry(approval_expires) === undefined && { guards: { approval_expires } }),
    ...(schedule && { trigger: { schedule } }),
  }
  return Object.keys(parts).length === 0 ? undefined : parts
}

function seeds(definition: Definition, part: Part): object {
  const found = Object.entries(valuesOf(definition, part)).flatMap(([name, value]) =>
    typeof value === 'object' && 'seed' in value && value.seed !== undefined
      ? [[name, { seed: value.seed }] as const]
      : [],
  )
  return found.length === 0 ? {} : { [part]: Object.fromEntries(found) }
}

function hidden(value: object, shown: readonly string[]): object | undefined {
  const rest = Object.entries(value).filter(([key]) => !shown.includes(key))
  return rest.length === 0 ? undefined : Object.fromEntries(rest)
}

/** A length of time that the form can show: whole hours or days. */
export interface Expiry {
  readonly count: number
  readonly unit: 'h' | 'd'
}

export function readExpiry(text: string): Expiry | undefined {
  const [, count, unit] = /^(\d+)([hd])$/.exec(text) ?? []
  return count === undefined ? undefined : { count: Number(count), unit: unit as Expiry['unit'] }
}
