/** A numbered step. Forward only: one that has been released is never edited; add the next one. */
export interface Migration {
  readonly number: number
  readonly name: string
  readonly statements: readonly string[]
}

/** Durable when the statement returns; the setting belongs to the table, not to a query. */
export const DURABLE = 'SETTINGS fsync_after_insert = 1, fsync_part_directory = 1'
