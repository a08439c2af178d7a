/** What a mode means: by which operations it sends, and what it does about those who left. */
import type { Operation } from '@tributary/connector-sdk'
import type { ActivationFile } from '@tributary/schemas'
import type { AnyObject } from '../types.js'

export type Mode = ActivationFile['mode']

export interface ModePlan {
  /** Of adds and changes. */
  readonly operation: Operation
  /** Of those who left; `implied`: the new whole is without them; absent: they stay. */
  readonly leavers?: Operation | 'implied'
  /** Another value is a reason to send. */
  readonly sendsChanges: boolean
  /** Everybody is sent, changed or not. */
  readonly sendsUnchanged: boolean
}

/** An object that cannot replace a whole is given all its records one by one. */
export function planOfMode(mode: Mode, operations: readonly Operation[]): ModePlan {
  switch (mode) {
    case 'upsert':
      return { operation: 'upsert', sendsChanges: true, sendsUnchanged: false }
    case 'mirror':
      return { operation: 'upsert', leavers: 'remove', sendsChanges: true, sendsUnchanged: false }
    case 'append':
      return { operation: 'append', leavers: 'append', sendsChanges: false, sendsUnchanged: false }
    case 'full':
      return operations.includes('replace')
        ? { operation: 'replace', leavers: 'implied', sendsChanges: true, sendsUnchanged: true }
        : { operation: 'upsert', sendsChanges: true, sendsUnchanged: true }
  }
}

/** Operations that an object must have for a mode and has not. */
export function missingOperations(
  mode: Mode,
  { operations }: Pick<AnyObject, 'operations'>,
): readonly Operation[] {
  const { operation, leavers } = planOfMode(mode, operations)
  const needed = new Set([operation, ...(leavers === undefined || leavers === 'implied' ? [] : [leavers])])
  return [...needed].filter((name) => !operations.includes(name))
}
