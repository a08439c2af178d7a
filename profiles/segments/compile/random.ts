/** A share of all people, the same ones at every evaluation. */

import { quoteString } from '../../../warehouse/types/identifiers.js'
import type { CompileContext } from './context.js'
import type { Formula } from './formula.js'
import type { RandomWho } from './who.js'

/** Shares are told apart in steps of 1/10000. */
export const BUCKETS = 10_000

export function compileRandom({ random: { share, seed } }: RandomWho, context: CompileContext): Formula {
  const from = seed ?? context.id
  const buckets = Math.round(share * BUCKETS)
  return context.leaf({
    meaning: { random: from, buckets },
    sql: ({ everyone }) =>
      `SELECT profile FROM ${everyone} WHERE murmurHash3_32(concat(${quoteString(`${from}:`)}, toString(profile))) % ${BUCKETS} < ${buckets}`,
  })
}
