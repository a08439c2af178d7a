/**
 * Traits that are true or false by their name: what somebody agreed to, and who is never to be written to. Columns of files are
 * often texts, a column that was empty at first always is: their words are read as truth values.
 */
import { isScalar, kindOfType } from './value-of-type.js'

const TRUE = ['true', '1', 'yes', 'y', 't', 'on']
const FALSE = ['false', '0', 'no', 'n', 'f', 'off']

export function isTruthTrait(trait: string): boolean {
  return trait === 'suppressed' || trait.startsWith('consent.')
}

/** Whether the words of a column of this type can be read so. */
export function canBeTruth(type: string): boolean {
  return isScalar(type) && ['boolean', 'text', 'number'].includes(kindOfType(type))
}

/**
 * SQL: the truth value of a text or number; null where it is empty. Of a word that is neither, the careful side counts: nobody
 * consents by it, and it suppresses.
 * @param text SQL of the value's text
 */
export function truthOf(trait: string, text: string): string {
  const word = `lowerUTF8(trimBoth(ifNull(${text}, '')))`
  const other = trait === 'suppressed' ? 'true' : 'false'
  return `CAST(multiIf(${word} = '', NULL, ${word} IN (${quoted(TRUE)}), true, ${word} IN (${quoted(FALSE)}), false, ${other}), 'Nullable(Bool)')`
}

const quoted = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(', ')
