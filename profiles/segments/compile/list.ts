/** People put on a list by hand or from a file. */

import { quoteString } from '../../../warehouse/types/identifiers.js'
import type { CompileContext } from './context.js'
import { EVERYONE, type Formula } from './formula.js'
import type { ListWho } from './who.js'

/** A list names identifiers; only those of people who exist count. */
export function compileList({ list }: ListWho, context: CompileContext): Formula {
  const leaf = context.leaf({
    meaning: { list },
    reads: { lists: [list] },
    sql: ({ lists }) => `SELECT profile FROM ${lists} WHERE list = ${quoteString(list)}`,
  })
  return { is: 'all', of: [EVERYONE, leaf] }
}
