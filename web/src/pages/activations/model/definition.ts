/**
 * An activation as it is edited. Every function gives a new definition; what a form does not show (seeds, the jitter of a
 * schedule) stays as it was written. It may be incomplete: a text that is not chosen yet is empty.
 */
import { renamed, withEntry } from '../../../ui/entries.js'
import type { Schedule } from '../../../ui/schedule/schedule.js'

export type Mode = 'upsert' | 'mirror' | 'append' | 'full'

/** As an activation's file has it. */
export interface Definition {
  /** `*`: everybody. */
  readonly segment: string
  readonly destination: string
  readonly object: string
  readonly mode: Mode
  readonly match: Values
  readonly fields?: Values
  readonly consent?: readonly string[]
  readonly holdout?: { readonly share: number; readonly seed?: string }
  readonly guards?: Guards
  readonly trigger?: Trigger
}

/** Values by the destination's fields. */
export type Values = Readonly<Record<string, Value>>

export type Value =
  /** `traits.city` */
  | string
  | { readonly constant: Scalar }
  | { readonly template: string }
  | { readonly split: Readonly<Record<string, number>>; readonly seed?: string }

export type Scalar = string | number | boolean | null

export interface Guards {
  readonly max_removes?: Limit
  readonly max_adds?: Limit
  readonly max_changes?: Limit
  readonly on_breach?: 'await_approval' | 'stop'
  readonly approval_expires?: string
}

/** Both hold, where both are there. The share is of what the destination holds, from 0 to 1. */
export interface Limit {
  readonly count?: number
  readonly share?: number
}

export type Trigger = 'after_refresh' | 'manual' | { readonly schedule: Exclude<Schedule, 'manual'> }

/** Keys and indexes from the definition's root, as the API names the place of a problem. */
export type Path = readonly (string | number)[]

/** A definition in which nothing is said but who goes where. */
export function blankDefinition(segment: string, destination: string): Definition {
  return { segment, destination, object: '', mode: 'upsert', match: {} }
}

/** The parts that hold values by field. */
export type Part = 'match' | 'fields'

export function valuesOf(definition: Definition, part: Part): Values {
  return definition[part] ?? {}
}

/** Another name or value of a field; no value: the field is sent no more. Its place among the others stays. */
export function setValue(
  definition: Definition,
  part: Part,
  name: string,
  value: Value | undefined,
  before: string = name,
): Definition {
  const changed = renamed(valuesOf(definition, part), before, name, value)
  if (part === 'match') return { ...definition, match: changed }
  return withPart(definition, 'fields', Object.keys(changed).length === 0 ? undefined : changed)
}

/** Another part, or none of it. */
export function withPart<K extends keyof Definition>(
  definition: Definition,
  part: K,
  value: Definition[K] | undefined,
): Definition {
  return withEntry(definition as unknown as Readonly<Record<string, unknown>>, part, value) as never
}

/** A limit of the guards; without numbers there is none. */
export function setLimit(
  definition: Definition,
  guard: 'max_removes' | 'max_adds' | 'max_changes',
  { count, share }: Limit,
): Definition {
  const limit = {
    ...(count !== undefined && { count }),
    ...(share !== undefined && { share }),
  }
  return setGuards(definition, { [guard]: Object.keys(limit).length === 0 ? undefined : limit })
}

/** Changes of the guards; undefined takes one away. */
export function setGuards(
  definition: Definition,
  changes: { readonly [key in keyof Guards]?: Guards[key] | undefined },
): Definition {
  const guards = Object.entries(changes).reduce<Readonly<Record<string, unknown>>>(
    (kept, [key, value]) => withEntry(kept, key, value),
    { ...definition.guards },
  )
  return withPart(definition, 'guards', Object.keys(guards).length === 0 ? undefined : guards)
}

/** The share of those who are never sent, from 0 to 1; the seed stays. */
export function setHoldout(definition: Definition, share: number | undefined): Definition {
  const { seed } = definition.holdout ?? {}
  const holdout =
    share === undefined || share === 0 ? undefined : { share, ...(seed !== undefined && { seed }) }
  return withPart(definition, 'holdout', holdout)
}
