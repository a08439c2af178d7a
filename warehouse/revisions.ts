/**
 * Published revisions of the workspace, `tributary.revisions`: append-only. Content is staged first (number 0), since it is
 * too large to travel through a workflow, and published by one row that copies it under the next number.
 */
import type { Warehouse } from './client.js'
import { isoTime } from './iso-time.js'
import { selectRow, selectRows } from './query.js'

/** A row of `tributary.revisions`. */
export interface RevisionRow {
  /** Hash of the content. */
  readonly revision: string
  /** From 1. */
  readonly number: number
  /** Hash of the revision before; empty for the first. */
  readonly parent: string
  readonly author: string
  readonly message: string
  /** Text by path. */
  readonly files: Readonly<Record<string, string>>
  /** ISO 8601 in UTC. */
  readonly appliedAt: string
}

export interface PublishRevisionInput {
  readonly revision: string
  readonly number: number
  readonly parent: string
  readonly author: string
  readonly message: string
  /** ISO 8601; given by the caller, so that every attempt writes the same row. */
  readonly appliedAt: string
}

/** Keeps content under its hash, so that it can be published. Idempotent. */
export async function stageRevision(
  warehouse: Warehouse,
  input: { readonly revision: string; readonly files: Readonly<Record<string, string>> },
): Promise<void> {
  if ((await filesRow(warehouse, input.revision)) !== undefined) return
  await warehouse.insert({
    table: 'tributary.revisions',
    columns: ['revision', 'number', 'files'],
    values: [{ revision: input.revision, number: 0, files: JSON.stringify(input.files) }],
    format: 'JSONEachRow',
  })
}

/**
 * Publishes staged content. Idempotent: repeated with the same input it changes nothing that can be seen.
 * @throws RevisionNotFound when the content was never staged
 * @throws RevisionConflict when another revision has this number
 */
export async function publishRevision(warehouse: Warehouse, input: PublishRevisionInput): Promise<void> {
  const taken = await selectRow<{ revision: string }>(
    warehouse,
    'SELECT revision FROM tributary.revisions WHERE number = {number:UInt64} LIMIT 1',
    { number: input.number },
  )
  if (taken?.revision === input.revision) return
  if (taken) {
    throw new RevisionConflict(
      `publishing revision ${input.number}: ${taken.revision.slice(0, 12)} has this number already; plan and apply again`,
    )
  }
  const files = await filesRow(warehouse, input.revision)
  if (files === undefined) {
    throw new RevisionNotFound(
      `publishing revision ${input.revision.slice(0, 12)}: its files are not there; apply again`,
    )
  }
  const { appliedAt, ...row } = input
  await warehouse.insert({
    table: 'tributary.revisions',
    columns: ['revision', 'number', 'parent', 'author', 'message', 'files', 'applied_at'],
    values: [{ ...row, files, applied_at: appliedAt.replace('T', ' ').replace('Z', '') }],
    format: 'JSONEachRow',
  })
}

/** A published revision by its hash, the newest publication of it; undefined when there is none. */
export async function readRevision(warehouse: Warehouse, revision: string): Promise<RevisionRow | undefined> {
  return revisionRow(warehouse, 'number > 0 AND revision = {revision:String}', { revision })
}

/** The newest published revision; undefined before the first. */
export async function latestRevision(warehouse: Warehouse): Promise<RevisionRow | undefined> {
  return revisionRow(warehouse, 'number > 0', {})
}

/** Which one that is, without its content. */
export async function latestNumber(
  warehouse: Warehouse,
): Promise<Pick<RevisionRow, 'revision' | 'number'> | undefined> {
  const row = await selectRow<{ revision: string; number: string }>(
    warehouse,
    'SELECT revision, number FROM tributary.revisions WHERE number > 0 ORDER BY number DESC LIMIT 1',
  )
  return row && { revision: row.revision, number: Number(row.number) }
}

/** A published revision without its content. */
export type RevisionLine = Pick<RevisionRow, 'revision' | 'number' | 'author' | 'message' | 'appliedAt'>

/** Published revisions, newest first. @param options.before only those with a smaller number */
export async function listRevisions(
  warehouse: Warehouse,
  { limit, before = Number.MAX_SAFE_INTEGER }: { readonly limit: number; readonly before?: number },
): Promise<RevisionLine[]> {
  const rows = await selectRows<Omit<RevisionLine, 'number'> & { number: string }>(
    warehouse,
    `SELECT revision, number, author, message, ${isoTime('applied_at')} AS appliedAt
     FROM tributary.revisions WHERE number > 0 AND number < {before:UInt64}
     ORDER BY number DESC LIMIT 1 BY number LIMIT {limit:UInt32}`,
    { limit, before },
  )
  return rows.map((row) => ({ ...row, number: Number(row.number) }))
}

/** Content was asked for that was never staged. */
export class RevisionNotFound extends Error {
  override readonly name = 'RevisionNotFound'
}

/** Two revisions were published under one number. */
export class RevisionConflict extends Error {
  override readonly name = 'RevisionConflict'
}

async function revisionRow(
  warehouse: Warehouse,
  condition: string,
  params: Readonly<Record<string, unknown>>,
): Promise<RevisionRow | undefined> {
  const row = await selectRow<Omit<RevisionRow, 'files' | 'number'> & { files: string; number: string }>(
    warehouse,
    `SELECT revision, number, parent, author, message, files,
       concat(replaceOne(toString(applied_at), ' ', 'T'), 'Z') AS appliedAt
     FROM tributary.revisions WHERE ${condition} ORDER BY number DESC LIMIT 1`,
    params,
  )
  return row && { ...row, number: Number(row.number), files: JSON.parse(row.files) as Record<string, string> }
}

async function filesRow(warehouse: Warehouse, revision: string): Promise<string | undefined> {
  const row = await selectRow<{ files: string }>(
    warehouse,
    'SELECT files FROM tributary.revisions WHERE revision = {revision:String} LIMIT 1',
    { revision },
  )
  return row?.files
}
