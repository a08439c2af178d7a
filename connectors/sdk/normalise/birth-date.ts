/**
 * Dates of birth, whole and in parts. Only the order year, month, day is read: of `02/03/1997` nobody knows the month.
 * Meta: https://developers.facebook.com/documentation/ads-commerce/marketing-api/audiences/guides/custom-audiences#hash
 */
import { type Normaliser, trimmed } from './text.js'

/** Meta takes years from 1900 to the current one. What is current depends on the day, and these are pure. */
const FIRST_YEAR = 1900
const LAST_YEAR = 2099

/** `1997-02-16`, of that or of `19970216`, `1997/02/16`, or a time of that day. */
export const normaliseBirthDate: Normaliser = (value) => partsOf(value)?.join('-')

/** `1997`, of that or of a date. */
export const normaliseBirthYear: Normaliser = (value) =>
  partsOf(value)?.[0] ?? numberIn(value, 4, FIRST_YEAR, LAST_YEAR)

/** `02`, of that, of `2`, or of a date. */
export const normaliseBirthMonth: Normaliser = (value) => partsOf(value)?.[1] ?? numberIn(value, 2, 1, 12)

/** `16`, of that or of a date. */
export const normaliseBirthDay: Normaliser = (value) => partsOf(value)?.[2] ?? numberIn(value, 2, 1, 31)

function partsOf(value: string): readonly [string, string, string] | undefined {
  const match = /^(\d{4})([-/.]?)(\d{2})\2(\d{2})(?:[T ]\d{2}:.*)?$/s.exec(trimmed(value))
  const [, year = '', , month = '', day = ''] = match ?? []
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`)
  const exists = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(`${year}-${month}-${day}T`)
  return exists && Number(year) >= FIRST_YEAR && Number(year) <= LAST_YEAR ? [year, month, day] : undefined
}

function numberIn(value: string, digits: number, from: number, to: number): string | undefined {
  const text = trimmed(value)
  const number = /^\d+$/.test(text) && text.length <= digits ? Number(text) : 0
  return number >= from && number <= to ? String(number).padStart(digits, '0') : undefined
}
