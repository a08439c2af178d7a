/**
 * Which records of a batch an import failed for: by the payload that an error repeats, or by its pointer; and where there are
 * more failures than errors that tell, by what the job says that it has written.
 */
import { type Batch, type RecordResult, rejected } from '@tributary/connector-sdk'
import type { Klaviyo } from './client.js'
import { type KlaviyoError, refusal, rowOf } from './errors.js'
import { type FoundProfile, identifierKey, matchField } from './profile.js'

interface ImportError {
  readonly attributes: KlaviyoError & { readonly original_payload?: Readonly<Record<string, unknown>> | null }
}

const UNNAMED = rejected('Klaviyo did not import the profile and does not say why')

/**
 * Rejections by row of the batch.
 * @param failed how many profiles the job says that it failed for
 * @param leftOut rows of the batch that were not imported: the job's own rows count without them
 */
export async function failuresOf(
  client: Klaviyo,
  jobId: string,
  { records }: Batch,
  failed: number,
  leftOut: ReadonlyMap<number, RecordResult>,
): Promise<ReadonlyMap<number, RecordResult>> {
  const job = `/api/profile-bulk-import-jobs/${encodeURIComponent(jobId)}`
  const errors = await client.all<ImportError>({
    method: 'GET',
    path: `${job}/import-errors`,
    query: { 'page[size]': '100' },
    doing: 'reading the errors of an import',
  })
  const field = matchField(records[0]!)
  const rows = new Map(records.map(({ match }, row) => [identifierKey(field, match[field]), row]))
  const sent = [...records.keys()].filter((row) => !leftOut.has(row))
  const failures = new Map<number, RecordResult>()
  for (const { attributes } of errors) {
    const row =
      rows.get(identifierKey(field, identifierOf(attributes.original_payload, field))) ??
      sent[rowOf(attributes) ?? -1]
    if (row === undefined) continue
    const { reason, code } = refusal(attributes)
    failures.set(row, rejected(reason, code))
  }
  if (failures.size >= failed) return failures
  const written = await client.all<FoundProfile>({
    method: 'GET',
    path: `${job}/profiles`,
    query: { 'fields[profile]': field, 'page[size]': '100' },
    doing: 'reading what an import has written',
  })
  const done = new Set(written.map(({ attributes }) => identifierKey(field, attributes[field])))
  for (const row of sent) {
    if (!failures.has(row) && !done.has(identifierKey(field, records[row]!.match[field])))
      failures.set(row, UNNAMED)
  }
  return failures
}

/** The payload is the profile, or its attributes: the description has an object of any shape. */
function identifierOf(payload: Readonly<Record<string, unknown>> | null | undefined, field: string): unknown {
  if (!payload) return undefined
  const inner = [
    payload.attributes,
    (payload.data as { attributes?: unknown } | undefined)?.attributes,
    payload,
  ]
  const holder = inner.find((one) => typeof one === 'object' && one !== null && field in one)
  return (holder as Readonly<Record<string, unknown>> | undefined)?.[field]
}
