/** What a table shows of its rows: those that a search finds, in the order of a column, a page of them. */

/** What a cell is worth for search and order. */
export type CellValue = string | number | boolean | Date | null | undefined

/** The order of a table. */
export interface Order {
  readonly column: string
  readonly descending: boolean
}

/** Rows in which every word of the search occurs in some value, whatever its case and accents. */
export function searchRows<R>(
  rows: readonly R[],
  words: string,
  values: (row: R) => readonly CellValue[],
): readonly R[] {
  const wanted = plain(words).split(/\s+/).filter(Boolean)
  if (wanted.length === 0) return rows
  return rows.filter((row) => {
    const text = plain(values(row).filter(isPresent).map(String).join('\n'))
    return wanted.every((word) => text.includes(word))
  })
}

/** Rows in the order of a value; rows without one come last either way, and equal ones keep their order. */
export function orderRows<R>(
  rows: readonly R[],
  value: (row: R) => CellValue,
  descending: boolean,
): readonly R[] {
  const sign = descending ? -1 : 1
  return rows.toSorted((one, other) => {
    const [a, b] = [value(one), value(other)]
    if (!isPresent(a) || !isPresent(b)) return Number(!isPresent(a)) - Number(!isPresent(b))
    return sign * compare(a, b)
  })
}

const COLLATOR = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

function compare(a: NonNullable<CellValue>, b: NonNullable<CellValue>): number {
  if (typeof a === 'string' || typeof b === 'string') return COLLATOR.compare(String(a), String(b))
  return Number(a) - Number(b)
}

function isPresent(value: CellValue): value is NonNullable<CellValue> {
  return value !== null && value !== undefined
}

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}
