/**
 * The one place that quotes identifiers and literals for ClickHouse. Whatever the text, the result is a single token:
 * it can neither end early nor start a statement.
 */

/** Quotes a database, table or column name in backticks. Throws on an empty name and on NUL. */
export function quoteIdentifier(name: string): string {
  if (name === '') throw new Error('quoting an identifier: the name is empty')
  refuseNul(name, 'an identifier')
  return `\`${name.replace(/[\\`]/g, '\\$&')}\``
}

/** Quotes `database.table`, each part on its own: a dot inside a name stays part of the name. */
export function quoteTable(database: string, table: string): string {
  return `${quoteIdentifier(database)}.${quoteIdentifier(table)}`
}

/** Quotes text as a string literal. Throws on NUL, which the engine would keep but most readers cut at. */
export function quoteString(text: string): string {
  refuseNul(text, 'a string')
  return `'${text.replace(/[\\']/g, '\\$&')}'`
}

function refuseNul(text: string, what: string): void {
  if (text.includes('\0')) throw new Error(`quoting ${what}: it holds a NUL character; remove it`)
}
