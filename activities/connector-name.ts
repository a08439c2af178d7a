/** What operators call a connector, wherever it is named: the one word by which they find its runs. */

/** `source-postgres` of `@tributary/source-postgres`, and of `./connectors/source-postgres`. */
export function connectorName(reference: string): string {
  return reference.split('/').at(-1)!
}
