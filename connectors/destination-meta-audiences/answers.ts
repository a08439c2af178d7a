/**
 * What became of single records. Meta tells how many entries it takes to be invalid, not exactly, and up to 100 samples of
 * them, without saying in which form; so a record is rejected where a sample is one of its identifying values, and any others
 * are only counted. Matching people happens later, and nobody is told whom.
 * https://developers.facebook.com/documentation/ads-commerce/marketing-api/audiences/guides/custom-audiences
 */
import {
  ConnectorError,
  type ConnectorLog,
  type DestinationRecord,
  OK,
  type RecordResult,
  rejected,
} from '@tributary/connector-sdk'
import { IDENTIFYING } from './columns.js'
import { fieldText } from './payload.js'

/** @throws ConnectorError SourceUnavailable for an answer that does not say that it received them */
export function answersOf(
  action: string,
  records: readonly DestinationRecord[],
  answer: Readonly<Record<string, unknown>>,
  log: ConnectorLog,
): RecordResult[] {
  const received = Number(answer.num_received)
  if (!(received >= records.length)) {
    throw new ConnectorError(
      'SourceUnavailable',
      `${action}: Meta says that it received ${received || 'none'} of ${records.length} members; it is tried again`,
    )
  }
  const samples = samplesOf(answer.invalid_entry_samples)
  const results = records.map((record) =>
    samples.size > 0 && IDENTIFYING.some((field) => samples.has(fieldText(record, field)))
      ? rejected('Meta takes its identifiers to be invalid', 'invalid_entry')
      : OK,
  )
  const named = results.filter(({ status }) => status === 'rejected').length
  const invalid = Number(answer.num_invalid_entries) || 0
  if (invalid > named) {
    log.warn('Meta takes some members to be invalid and does not say which', { about: invalid - named })
  }
  return results
}

/** Texts of a list, or names and texts of a map: the documentation has both. */
function samplesOf(samples: unknown): ReadonlySet<string> {
  if (typeof samples !== 'object' || samples === null) return new Set()
  const texts = [
    ...(Array.isArray(samples) ? [] : Object.keys(samples)),
    ...(Object.values(samples) as unknown[]),
  ]
  return new Set(texts.filter((text): text is string => typeof text === 'string' && text !== ''))
}
