/** What the page is expected to say, and what it says, as values that can be compared. */
import type { Locator } from 'playwright-core'

/** `12,345`. */
export const formatted = (count: number): string => count.toLocaleString('en')

/** Texts of the first cells of each row of a table, without its head. */
export async function readTable(table: Locator, columns: number): Promise<string[][]> {
  await table.waitFor()
  return table
    .getByRole('row')
    .evaluateAll(
      (rows, count) =>
        rows.slice(1).map((row) => [...row.children].slice(0, count).map((cell) => cell.textContent ?? '')),
      columns,
    )
}
