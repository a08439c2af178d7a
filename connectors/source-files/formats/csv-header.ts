/** The columns of a CSV file: its delimiter, its header, and field names that are usable and never collide. */
import type { CsvOptions } from '../config.js'
import { damagedFile } from '../reading/bad-files.js'
import { CsvReader } from './csv-reader.js'

export interface CsvLayout {
  readonly delimiter: string
  /** Field of each column, in the order of the file. */
  readonly columns: readonly string[]
  /** True when the header names the fields exactly: the warehouse may match columns by it. */
  readonly exactHeader: boolean
  /** Bytes and lines of the header; 0 without one. */
  readonly headerBytes: number
  readonly headerLines: number
}

const DELIMITERS = [',', ';', '\t', '|']

/**
 * Reads the layout from the beginning of a file's text (UTF-8, without a byte order mark). Undefined: it is empty.
 * Throws UnreadableData when it does not begin like text, with a line that is no record, or with names in another encoding.
 */
export function csvLayout(start: Buffer, options: CsvOptions, name: string): CsvLayout | undefined {
  const text = start.toString('utf8')
  if (text.trim() === '') return undefined
  const delimiter = options.delimiter ?? findDelimiter(text, options.quote)
  const reader = new CsvReader(text, 1, { delimiter, quote: options.quote, nullValues: new Set() })
  const found = reader.next()
  if (found === 'end') return undefined
  if (isBinary(reader.raw))
    throw damagedFile(`reading ${name}`, 'it is no text; correct csv.encoding, or remove the file')
  if (found === 'broken')
    throw damagedFile(
      `reading ${name}`,
      `its first line is no CSV: ${reader.reason}; correct csv.quote or the file`,
    )
  const first = reader.values
  if (!options.header) {
    const columns = fieldNames(first.map((_, index) => options.columns?.[index] ?? ''))
    return { delimiter, columns, exactHeader: false, headerBytes: 0, headerLines: 0 }
  }
  if (first.some((name) => name?.includes('\ufffd')))
    throw damagedFile(
      `reading ${name}`,
      'names of its columns are not in this encoding; correct the encoding of its stream (csv.encoding), windows-1252 for most exports of spreadsheets',
    )
  const columns = fieldNames(first.map((name) => name ?? ''))
  const header = text.slice(0, reader.offset)
  return {
    delimiter,
    columns,
    exactHeader: first.every((name, index) => name === columns[index]) && !text.startsWith('\n'),
    headerBytes: Buffer.byteLength(header),
    headerLines: header.split('\n').length - 1,
  }
}

/** Control characters alone are cleaned away from names, and bytes that are no UTF-8 are bad lines: both at once are no text. */
function isBinary(line: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return line.includes('\ufffd') && /[\u0000-\u0008\u000e-\u001f]/.test(line)
}

/** The candidate that occurs most often in the first line outside of quotes; a comma when none does. */
function findDelimiter(text: string, quote: string): string {
  let inside = false
  const counts = new Map(DELIMITERS.map((candidate) => [candidate, 0]))
  for (const character of text) {
    if (character === quote) inside = !inside
    else if (character === '\n' && !inside) break
    else if (!inside && counts.has(character)) counts.set(character, counts.get(character)! + 1)
  }
  return [...counts].reduce((best, next) => (next[1] > best[1] ? next : best))[0]
}

/** Names as they are where possible: control characters and outer blanks go, empty ones are numbered, equal ones too. */
export function fieldNames(names: readonly string[]): string[] {
  const cleaned = names.map(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is cleaned away
    (name, index) => name.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim() || `c${index + 1}`,
  )
  const taken = new Set<string>()
  const wanted = new Set(cleaned)
  return cleaned.map((name) => {
    let free = name
    for (let copy = 2; taken.has(free) || (free !== name && wanted.has(free)); copy++)
      free = `${name}_${copy}`
    taken.add(free)
    return free
  })
}
