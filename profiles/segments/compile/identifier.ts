/** Whether a person has an identifier of a type. */

import { quoteString } from '../../../warehouse/types/identifiers.js'
import type { CompileContext } from './context.js'
import { type Formula, not } from './formula.js'
import type { IdentifierWho } from './who.js'

export function compileIdentifier({ identifier, absent }: IdentifierWho, context: CompileContext): Formula {
  const leaf = context.leaf({
    meaning: { identifier },
    reads: { identifiers: [identifier] },
    sql: ({ nodes }) => `SELECT profile FROM ${nodes} WHERE type = ${quoteString(identifier)}`,
  })
  return absent ? not(leaf) : leaf
}
