/** CSV after RFC 4180 (https://www.rfc-editor.org/rfc/rfc4180). */
import type { JsonValue } from '@tributary/connector-sdk'
import type { CsvOptions } from '../config.js'
import type { Row } from '../parts/part.js'

/**
 * What a spreadsheet takes for a formula, after https://owasp.org/www-community/attacks/CSV_Injection, full-width signs
 * of East Asian input too. A signed number is none: phone numbers stay what they are.
 */
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/
const SIGNED_NUMBER = /^[+-]\d+([.,]\d+)?$/

export interface CsvWriter {
  /** The first line, and what comes before it; empty without a header. */
  readonly head: string
  lines(rows: readonly Row[]): string
}

/**
 * Writes values as texts: lists and objects as JSON. No value is the null text without quotes, an empty text is `""`, so
 * that readers that tell them apart can.
 */
export function csvWriter(columns: readonly string[], options: CsvOptions): CsvWriter {
  const { delimiter, nullText, lineEnd } = options
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`
  const special = new RegExp(`["\\r\\n${delimiter.replace(/[\\\]^-]/, '\\$&')}]|^\\s|\\s$`, 'u')
  const text = (value: string): string => {
    const safe =
      options.escapeFormulas && FORMULA.test(value) && !SIGNED_NUMBER.test(value) ? `'${value}` : value
    // Without quotes many readers take \N for no value, whatever stands for it here.
    const needed =
      options.quote === 'all' || safe === '' || safe === nullText || safe === '\\N' || special.test(safe)
    return needed ? quoted(safe) : safe
  }
  const plain = (value: string): string => (special.test(value) ? quoted(value) : value)
  const cell = (value: JsonValue | undefined): string => {
    if (value === null || value === undefined) return nullText
    if (typeof value === 'string') return text(value)
    return typeof value === 'object' ? text(JSON.stringify(value)) : plain(String(value))
  }
  const line = (cells: readonly string[]): string => {
    // A line of one empty cell would be an empty line, which readers skip.
    const joined = cells.join(delimiter)
    return (joined === '' && cells.length === 1 ? '""' : joined) + lineEnd
  }
  return {
    head:
      (options.byteOrderMark ? '\ufeff' : '') +
      (options.header && columns.length > 0 ? line(columns.map(text)) : ''),
    lines: (rows) => rows.map((row) => line(columns.map((name) => cell(row[name])))).join(''),
  }
}
