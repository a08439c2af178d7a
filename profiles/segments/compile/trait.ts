/** A trait and an operator. */
import type { TraitWho } from '@tributary/schemas'
import { quoteString } from '../../../warehouse/types/identifiers.js'
import { operatorOf, readCondition } from '../value-test.js'
import type { CompileContext } from './context.js'
import { type Formula, not } from './formula.js'
import { TRAIT_VALUE, testSql } from './values.js'
import { watchTrait } from './watches.js'

/** The operators that share a leaf with their negation. */
export function compileTrait(who: TraitWho, context: CompileContext): Formula {
  const { trait, time_zone: zone = context.zone } = who
  const [operator, literal] = operatorOf(who)
  const { negated, test } = readCondition(who, { now: context.now, zone })
  const positive = operator === 'absent' ? 'exists' : operator.replace(/^not_/, '')
  const leaf = context.leaf({
    meaning: { trait, [positive]: literal, zone },
    reads: { traits: [trait] },
    watches: watchTrait(who),
    sql: ({ traits }) =>
      `SELECT profile FROM ${traits} WHERE trait = ${quoteString(trait)} AND ${testSql(test, TRAIT_VALUE)}`,
  })
  return negated ? not(leaf) : leaf
}
