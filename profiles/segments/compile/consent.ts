/** Consent to a purpose: said with a true, and void while the person is suppressed. */

import type { CompileContext } from './context.js'
import { type Formula, not } from './formula.js'
import { compileTrait } from './trait.js'
import type { ConsentWho } from './who.js'

export function compileConsent({ consent }: ConsentWho, context: CompileContext): Formula {
  const given = compileTrait({ trait: `consent.${consent}`, eq: true }, context)
  const suppressed = compileTrait({ trait: 'suppressed', eq: true }, context)
  return { is: 'all', of: [given, not(suppressed)] }
}
