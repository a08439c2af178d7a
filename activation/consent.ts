/** Whom data may be sent about: who consented to every purpose, and is not suppressed. Asked when planned, and again when sent. */
import { IS_CURRENT_VALUE, profileOf } from '../profiles/people/dictionaries.js'
import { TRAIT_VALUE, testSql } from '../profiles/segments/compile/values.js'
import { quoteString } from '../warehouse/types/identifiers.js'

/**
 * SQL: true where a person may be sent, as the traits are now. Of people who were merged since traits were worked out, a
 * suppression of either counts, and a consent only of the one whose id is left.
 * @param person the profile of today, as SQL of a UInt32
 * @param among SQL: a query of the profiles that can occur, so that no more than those are looked at
 */
export function mayBeSent(person: string, purposes: readonly string[], among?: string): string {
  const said = (trait: string, owner: string) => `(
    SELECT ${owner} FROM cdp.trait_values__rows
    WHERE trait = ${quoteString(trait)} AND ${testSql({ test: 'equals', values: [true] }, TRAIT_VALUE)}
      AND ${IS_CURRENT_VALUE}${among === undefined ? '' : ` AND ${owner} IN (${among})`})`
  return [
    `${person} NOT IN ${said('suppressed', profileOf('profile'))}`,
    ...purposes.map((purpose) => `${person} IN ${said(`consent.${purpose}`, 'profile')}`),
  ].join(' AND ')
}
