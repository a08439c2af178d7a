/** What somebody types as identifiers are and may begin: the same normal forms as whole values have, as far as a beginning has one. */
import type { Identifier, IdentityFile } from '@tributary/schemas'
import { type CountryCode, getCountryCallingCode, isSupportedCountry } from 'libphonenumber-js/max'
import { normalisedForm, ruleOf } from './normalise.js'
import { phoneNumber } from './phone-numbers.js'

/** A text, and SQL of its normal form. */
export interface ExactForm {
  readonly text: string
  /** @param parameter of the query that holds the text */
  sql(parameter: string): string
}

/** What the text is as an identifier of each type; types of which it is none are left out. */
export function exactForms({ identifiers }: IdentityFile, text: string): Readonly<Record<string, ExactForm>> {
  const entries = Object.entries(identifiers).map(([type, identifier]) => {
    const rule = ruleOf(identifier)
    // Phone numbers are worked out here, like those of the rows; no stored text has a NUL.
    const of = rule === 'phone' ? phoneNumber(text.trim(), identifier.region ?? '') : text
    const given = of.includes('\0') ? '' : of
    return [
      type,
      { text: given, sql: (parameter: string) => normalisedForm(rule, `{${parameter}:String}`) },
    ] as const
  })
  return Object.fromEntries(entries.filter(([, form]) => form.text !== ''))
}

/** Beginnings by type of identifier; types that cannot begin so are left out. */
export function searchPrefixes(
  { identifiers }: IdentityFile,
  text: string,
): Readonly<Record<string, readonly string[]>> {
  const entries = Object.entries(identifiers).map(
    ([type, identifier]) => [type, beginnings(identifier, text.trim())] as const,
  )
  return Object.fromEntries(entries.filter(([, forms]) => forms.length > 0))
}

function beginnings(identifier: Identifier, text: string): readonly string[] {
  if (text === '') return []
  switch (ruleOf(identifier)) {
    case 'none':
      return [text]
    case 'text':
      return [text.normalize('NFC')]
    case 'lower':
      return [text.toLowerCase().normalize('NFC')]
    case 'email':
      return [text.normalize('NFKC').toLowerCase()]
    case 'phone':
      return phoneBeginnings(text, identifier.region)
  }
}

/** As E.164 begins. */
function phoneBeginnings(text: string, region: string | undefined): readonly string[] {
  if (!/^\+?[\d\s().\-/]+$/.test(text)) return []
  const digits = text.replace(/\D/g, '')
  if (digits === '') return []
  if (text.startsWith('+')) return [`+${digits}`]
  if (digits.startsWith('00')) return digits.length > 2 ? [`+${digits.slice(2)}`] : []
  const code = isSupportedCountry(region ?? '') ? getCountryCallingCode(region as CountryCode) : undefined
  const national = digits.replace(/^0/, '')
  return [...new Set([`+${digits}`, ...(code === undefined ? [] : [`+${code}${national}`])])]
}

/** Words of which each may be in some trait; text too short for that has none. */
export function searchWords(text: string): readonly string[] {
  const words = text.trim().split(/\s+/).slice(0, MAX_WORDS)
  return text.trim().length < MIN_CHARACTERS ? [] : words
}

const MAX_WORDS = 5
const MIN_CHARACTERS = 2
