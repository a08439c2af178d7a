/**
 * When two identifiers are the same: the normalised form of a value by the rule of its type, and which values identify
 * nobody. The engine does it, for one value as for all rows, so that both always agree.
 */
import type { Identifier, IdentityFile } from '@tributary/schemas'
import type { Warehouse } from '../../warehouse/client.js'
import { selectRows } from '../../warehouse/query.js'
import { quoteString } from '../../warehouse/types/identifiers.js'
import { phoneNumber } from './phone-numbers.js'

type Rule = NonNullable<Identifier['normalize']>

/** Blanks of Unicode, and what is written to be invisible. */
const BLANKS = '\\s\\p{Z}\\x{85}\\x{FEFF}\\x{200B}-\\x{200D}\\x{2060}'
const ASCII_BLANKS = ' \t\n\v\f\r'
const QUOTES = `"'\``

/** How values of a type are compared. @default text */
export const ruleOf = (identifier: Identifier): Rule => identifier.normalize ?? 'text'

/**
 * SQL: the normalised form of a text. Of a phone number it is the spelling as `cdp.phone_numbers` knows it.
 * @param text SQL of a String that is not null
 */
export function normalisedForm(rule: Rule, text: string): string {
  switch (rule) {
    case 'none':
      return text
    case 'text':
    case 'phone':
      return byAlphabet(text, trimmed(text), `normalizeUTF8NFC(${trimmedUnicode(valid(text))})`)
    case 'lower':
      return byAlphabet(
        text,
        `lower(${trimmed(text)})`,
        `normalizeUTF8NFC(lowerUTF8(${trimmedUnicode(valid(text))}))`,
      )
    case 'email':
      return byAlphabet(
        text,
        `lower(${trimmed(text)})`,
        `normalizeUTF8NFKC(lowerUTF8(${trimmedUnicode(`normalizeUTF8NFKC(${valid(text)})`)}))`,
      )
  }
}

/** SQL: true for values that identify nobody. @param value SQL of a normalised text */
export function isBlocked(identity: IdentityFile, value: string): string {
  const { values = [], patterns = [] } = identity.block ?? {}
  const bare = bareForm(value)
  return [
    `${bare} = ''`,
    ...(values.length === 0
      ? []
      : [`${bare} IN (${values.map((text) => bareForm(quoteString(text))).join(', ')})`]),
    ...patterns.map((pattern) => `match(${bare}, ${quoteString(`(?i:${pattern})`)})`),
  ]
    .map((test) => `(${test})`)
    .join(' OR ')
}

/**
 * The normalised form of one value that a person gave; undefined where it identifies nobody (blocked, or no valid phone
 * number). Throws where identity.yaml has no such type.
 */
export async function normaliseValue(
  warehouse: Warehouse,
  identity: IdentityFile,
  type: string,
  value: string | number,
): Promise<string | undefined> {
  return (await normaliseValues(warehouse, identity, type, [String(value)]))[0]
}

/** The same of many values, in their order. Throws where identity.yaml has no such type. */
export async function normaliseValues(
  warehouse: Warehouse,
  identity: IdentityFile,
  type: string,
  values: readonly string[],
): Promise<(string | undefined)[]> {
  const identifier = identity.identifiers[type]
  if (identifier === undefined) {
    throw new Error(
      `looking up an identifier: identity.yaml has no type ${type}; use one of ${Object.keys(identity.identifiers).join(', ')}`,
    )
  }
  const rule = ruleOf(identifier)
  const normalised: (string | undefined)[] = []
  for (let from = 0; from < values.length; from += AT_ONCE) {
    // No stored text has a NUL: such a value identifies nobody, as an empty one does.
    const some = values.slice(from, from + AT_ONCE).map((value) => (value.includes('\0') ? '' : value))
    const forms = (await ofEach(warehouse, normalisedForm(rule, 'text'), some)).map((form) =>
      rule === 'phone' ? phoneNumber(form, identifier.region ?? '') : form,
    )
    const blocked = await ofEach(warehouse, `toString(${isBlocked(identity, 'text')})`, forms)
    normalised.push(...forms.map((form, index) => (blocked[index] === '1' ? undefined : form)))
  }
  return normalised
}

/** How many values one statement names. */
const AT_ONCE = 2_000

/** What an expression over `text` gives for each of these, in their order. */
async function ofEach(warehouse: Warehouse, sql: string, texts: readonly string[]): Promise<string[]> {
  const rows = await selectRows<{ result: string }>(
    warehouse,
    `SELECT ${sql} AS result FROM (
       SELECT place, texts[place] AS text FROM (SELECT [${texts.map(quoteString).join(', ')}] AS texts)
       ARRAY JOIN arrayEnumerate(texts) AS place)
     ORDER BY place`,
  )
  return rows.map(({ result }) => result)
}

/** What block lists compare: without case, and without blanks and quotes around. */
const bareForm = (value: string): string =>
  byAlphabet(
    value,
    `lower(${trimmed(value, ASCII_BLANKS + QUOTES)})`,
    `lowerUTF8(${trimmedUnicode(valid(value), BLANKS + QUOTES)})`,
  )

/** Nearly all identifiers are ASCII, for which the fast functions say the same. */
const byAlphabet = (text: string, ascii: string, unicode: string): string =>
  `if(length(${text}) = lengthUTF8(${text}), ${ascii}, ${unicode})`

const valid = (text: string): string => `toValidUTF8(${text})`

const trimmed = (text: string, blanks: string = ASCII_BLANKS): string =>
  `trimBoth(${text}, ${quoteString(blanks)})`

const trimmedUnicode = (text: string, blanks: string = BLANKS): string =>
  `replaceRegexpAll(${text}, ${quoteString(`^[${blanks}]+|[${blanks}]+$`)}, '')`
