/**
 * The search attributes by which operators find runs in the Temporal UI and CLI: the one table that the dev server, `setup`
 * and `doctor` register and check. They are stored unencrypted, so none of them may carry personal data.
 */

/** Types as the Temporal CLI spells them (`--search-attribute Name=Type`). */
export type SearchAttributeType = 'Keyword' | 'Int' | 'Datetime'

/** Every search attribute of the project by name. SQL-backed servers allow ten Keywords and three of each other type. */
export const SEARCH_ATTRIBUTES = {
  Source: 'Keyword',
  Connector: 'Keyword',
  Stream: 'Keyword',
  SyncMode: 'Keyword',
  SyncOutcome: 'Keyword',
  FailureType: 'Keyword',
  Revision: 'Keyword',
  Activation: 'Keyword',
  Segment: 'Keyword',
  RowsLoaded: 'Int',
  RowsRejected: 'Int',
  CursorTime: 'Datetime',
} as const satisfies Record<string, SearchAttributeType>
