/**
 * Imports a batch as one job of Klaviyo and follows it to its end
 * (https://developers.klaviyo.com/en/docs/use_klaviyos_bulk_profile_import_api). An import is refused as a whole when one
 * profile is wrong: those that are named are left out, and the others sent again. What an import cannot do, it clears
 * nothing, is done after it.
 */
import {
  type Batch,
  ConnectorError,
  type JsonObject,
  OK,
  type RecordResult,
  rejected,
  type WriteResult,
} from '@tributary/connector-sdk'
import { clearNulls } from './clear-nulls.js'
import type { Klaviyo } from './client.js'
import { refusal, requestError, rowOf } from './errors.js'
import { failuresOf } from './import-errors.js'
import { hasNulls, MOST_PROFILE_BYTES, type ProfileResource, profileOf } from './profile.js'

/** The state of a job between two polls, as short as a job must be. */
export interface JobState {
  readonly id: string
  readonly polls: number
  /** Rows that were refused before the job began, by reason. */
  readonly refused?: Readonly<Record<string, readonly number[]>>
  /** Present when the import is complete: the next row whose nulls are to be cleared. */
  readonly clearFrom?: number
  /** Rows whose profiles could not be cleared. */
  readonly unclear?: readonly number[]
}

/** A job may be 2 KB; some of it is for the rest of the state. */
const MOST_REFUSED_BYTES = 1_500
/** So many profiles may be named in a job's state as not cleared. */
const MOST_UNCLEAR = 50
const NOT_CLEARED = rejected('Klaviyo refuses to clear fields of the profile')
/** So often an import is sent again without the rows that were refused. */
const MOST_ROUNDS = 20
/** Between two questions after a job, milliseconds: longer each time. */
const FIRST_POLL_MS = 1_000
const LONGEST_POLL_MS = 30_000

interface JobDocument {
  readonly data: {
    readonly id: string
    readonly attributes: { readonly status: string; readonly failed_count?: number | null }
  }
}

/** @param listId the list that profiles are added to */
export async function startImport(
  client: Klaviyo,
  batch: Batch,
  listId: string | undefined,
): Promise<WriteResult> {
  const rejects = new Map<number, RecordResult>()
  const profiles = batch.records.map(profileOf)
  const doing = listId === undefined ? 'importing profiles' : `importing profiles to the list ${listId}`
  profiles.forEach((profile, row) => {
    if (Buffer.byteLength(JSON.stringify(profile)) > MOST_PROFILE_BYTES)
      rejects.set(row, rejected('the profile is larger than the 100 KB that Klaviyo takes'))
  })
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const rows = [...profiles.keys()].filter((row) => !rejects.has(row))
    if (rows.length === 0) return { results: profiles.map((_, row) => rejects.get(row)!) }
    const answer = await client.attempt<JobDocument>({
      method: 'POST',
      path: '/api/profile-bulk-import-jobs',
      body: importOf(
        rows.map((row) => profiles[row]!),
        listId,
      ),
      doing,
    })
    if (answer.ok) return jobOf(answer.body.data.id, rejects, profiles.length)
    let named = 0
    for (const error of answer.errors) {
      const row = rows[rowOf(error) ?? -1]
      if (row === undefined) continue
      const { reason, code } = refusal(error)
      rejects.set(row, rejected(reason, code))
      named++
    }
    if (named === 0) throw requestError('gone' in answer ? 404 : 400, answer.errors, doing)
  }
  return { results: profiles.map((_, row) => rejects.get(row) ?? AGAIN) }
}

/** The import was refused for others, or runs without an account of them: written again, it is harmless. */
const AGAIN: RecordResult = {
  status: 'retry',
  reason: 'Klaviyo refused the import for other profiles; it is sent again without them',
  afterMs: 0,
}

function importOf(profiles: readonly ProfileResource[], listId: string | undefined): object {
  return {
    data: {
      type: 'profile-bulk-import-job',
      attributes: { profiles: { data: profiles } },
      ...(listId !== undefined && {
        relationships: { lists: { data: [{ type: 'list', id: listId }] } },
      }),
    },
  }
}

function jobOf(id: string, rejects: ReadonlyMap<number, RecordResult>, count: number): WriteResult {
  const refused: Record<string, number[]> = {}
  for (const [row, result] of rejects) {
    if (result.status !== 'rejected') continue
    const key = JSON.stringify([result.reason, result.code])
    refused[key] ??= []
    refused[key].push(row)
  }
  if (Buffer.byteLength(JSON.stringify(refused)) > MOST_REFUSED_BYTES) {
    return { results: Array.from({ length: count }, (_, row) => rejects.get(row) ?? AGAIN) }
  }
  const state: JobState = { id, polls: 0, ...(rejects.size > 0 && { refused }) }
  return { job: { ...state }, pollAfterMs: FIRST_POLL_MS }
}

function refusedRows({ refused = {} }: JobState): Map<number, RecordResult> {
  return new Map(
    Object.entries(refused).flatMap(([key, rows]) => {
      const [reason, code] = JSON.parse(key) as [string, string | undefined]
      return rows.map((row): [number, RecordResult] => [row, rejected(reason, code ?? undefined)])
    }),
  )
}

/** Asks after a job that {@link startImport} began. A job that Klaviyo cancelled or forgot is begun again. */
export async function followImport(client: Klaviyo, batch: Batch, given: JsonObject): Promise<WriteResult> {
  // What startImport returned: the run keeps it as JSON and hands it back as it was.
  const state = given as unknown as JobState
  const again = (reason: string): WriteResult => {
    const rejects = refusedRows(state)
    return { results: batch.records.map((_, row) => rejects.get(row) ?? { status: 'retry', reason }) }
  }
  const answer = await client.attempt<JobDocument>({
    method: 'GET',
    path: `/api/profile-bulk-import-jobs/${encodeURIComponent(state.id)}`,
    doing: 'asking after an import',
  })
  if (!answer.ok) return again('Klaviyo no longer knows the import; it is sent again')
  const { status, failed_count: failed } = answer.body.data.attributes
  if (status === 'cancelled') return again('Klaviyo cancelled the import; it is sent again')
  if (status !== 'complete') {
    const polls = state.polls + 1
    const pollAfterMs = Math.min(LONGEST_POLL_MS, FIRST_POLL_MS * 1.5 ** polls)
    return { job: { ...state, polls }, pollAfterMs }
  }
  const rejects = refusedRows(state)
  const failures = failed ? await failuresOf(client, state.id, batch, failed, rejects) : undefined
  const unclear = new Set(state.unclear)
  const resultOf = (row: number): RecordResult =>
    rejects.get(row) ?? failures?.get(row) ?? (unclear.has(row) ? NOT_CLEARED : OK)
  const open = [...batch.records.keys()].filter(
    (row) => row >= (state.clearFrom ?? 0) && resultOf(row).status === 'ok' && hasNulls(batch.records[row]!),
  )
  const { next, refused } = await clearNulls(client, batch, open)
  for (const row of refused) unclear.add(row)
  if (next === undefined) return { results: batch.records.map((_, row) => resultOf(row)) }
  if (unclear.size > MOST_UNCLEAR) {
    throw new ConnectorError(
      'SchemaIncompatible',
      `clearing fields of profiles: Klaviyo refused ${unclear.size} times; give the mapped fields a value where there is none`,
    )
  }
  const job = { ...state, clearFrom: next, ...(unclear.size > 0 && { unclear: [...unclear] }) }
  return { job, pollAfterMs: 0 }
}
