/** What of an activation's file an object of a destination does not take. Pure; also for objects known before anything runs. */
import type { ActivationFile } from '@tributary/schemas'
import type { AnyObject } from '../types.js'
import { missingOperations } from './modes.js'

export type FittedFile = Pick<ActivationFile, 'object' | 'mode' | 'match' | 'fields'>

export interface Misfit {
  /** From the file's root. */
  readonly path: readonly string[]
  /** A sentence without its point. */
  readonly message: string
  /** What could stand there. */
  readonly instead: readonly string[]
}

/** None where the file fits. */
export function misfitsOf(file: FittedFile, object: AnyObject): readonly Misfit[] {
  const { fields, openFields = false, matchKeys, name: called } = object
  const match = Object.keys(file.match).sort()
  const mapped = Object.keys(file.fields ?? {}).sort()
  const names = Object.keys(fields)
  const unknownIn = (part: 'match' | 'fields', fieldNames: readonly string[]): Misfit[] =>
    (openFields ? [] : fieldNames.filter((name) => !Object.hasOwn(fields, name))).map((name) => ({
      path: [part, name],
      message: `${called} has no field ${name}`,
      instead: names,
    }))
  const missing = names.filter((name) => fields[name]!.required && ![...match, ...mapped].includes(name))
  const keys = matchKeys?.map((key) => [...key].sort())
  const matches = keys?.some((key) => key.join('\0') === match.join('\0')) ?? true
  return [
    ...missingOperations(file.mode, object).map((operation) => ({
      path: ['mode'],
      message: `${called} cannot ${operation}, which mode ${file.mode} needs`,
      instead: MODES.filter((mode) => missingOperations(mode, object).length === 0),
    })),
    ...unknownIn('match', match),
    ...unknownIn('fields', mapped),
    ...missing.map((name) => ({
      path: ['fields'],
      message: `${called} requires the field ${name}, which is not mapped`,
      instead: [],
    })),
    ...(matches
      ? []
      : [
          {
            path: ['match'],
            message: `${called} cannot find records by ${match.join(' and ')}`,
            instead: keys!.map((key) => key.join(' and ')),
          },
        ]),
  ]
}

const MODES = ['upsert', 'mirror', 'append', 'full'] as const
