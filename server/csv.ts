/** Comma-separated values (RFC 4180), as spreadsheets open them without being asked anything. */

/** What may stand in a cell; several texts are one cell. */
export type CsvCell = string | number | boolean | readonly string[] | null | undefined

/** Says that the text is UTF-8: without it, spreadsheets take `é` for something else. */
export const CSV_BEGIN = '\ufeff'

/** One line, with its end. */
export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}

function csvCell(cell: CsvCell): string {
  if (cell === null || cell === undefined) return ''
  if (typeof cell === 'number' || typeof cell === 'boolean') return String(cell)
  const text = inert(typeof cell === 'string' ? cell : cell.join('; '))
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Phone numbers and amounts begin with a sign, and compute nothing as long as no other one stands in them. */
const SIGNED_NUMBER = /^[+-][\d\s().,]*$/

/** A text that a spreadsheet would take for a formula is kept from being one (https://owasp.org/www-community/attacks/CSV_Injection). */
function inert(text: string): string {
  return /^[=@\t\r+-]/.test(text) && !SIGNED_NUMBER.test(text) ? `'${text}` : text
}
