/** A batch's records as rows of a file. */
import { type Batch, ConnectorError, type JsonValue } from '@tributary/connector-sdk'
import type { Row } from './part.js'

/** Column of an event that takes back another run's. */
const COMPENSATES = 'compensates'

/** Name of the column that says what happened; undefined in files of a whole, where nothing happened. */
export function changeColumn(
  operation: Batch['operation'],
  configured: string | undefined,
): string | undefined {
  if (operation === 'replace') return undefined
  return configured ?? (operation === 'append' ? 'event' : 'change')
}

/**
 * The rows, in the records' order; each has the columns of its match and its fields, and what happened first.
 * @throws ConnectorError ConfigInvalid where a field has the name of the column that says what happened
 */
export function rowsOf(batch: Batch, configured: string | undefined): Row[] {
  const column = changeColumn(batch.operation, configured)
  return batch.records.map(({ match, fields, event, compensates }) => {
    const happened = batch.operation === 'append' ? event : batch.operation
    const marks: [string, JsonValue][] = [
      ...(column === undefined ? [] : [[column, happened ?? null] as [string, JsonValue]]),
      ...(compensates === undefined ? [] : [[COMPENSATES, compensates] as [string, JsonValue]]),
    ]
    for (const [name] of marks)
      if (Object.hasOwn(match, name) || Object.hasOwn(fields, name))
        throw new ConnectorError(
          'ConfigInvalid',
          `writing the batch: a field is named ${name}, as the column that says what happened; rename the field, or set change_column`,
        )
    const values = [...marks, ...Object.entries(match), ...Object.entries(fields)]
    return Object.fromEntries(values.map(([name, value]) => [name, value ?? null]))
  })
}
