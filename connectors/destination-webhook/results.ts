/** Words about records that the receiver itself did not say. */
import { ConnectorErrorKind, isConnectorError, type RecordResult, rejected } from '@tributary/connector-sdk'
import type { WebhookConfig } from './spec.js'

/** A record that was refused alone. */
export function refused(status: number): RecordResult {
  const what = status === 413 ? 'finds it too large' : 'refuses it'
  return rejected(`the receiver ${what} (${status}) and gives no reason`, String(status))
}

/** A record that was refused only together with others, when no more could be tried. */
export function refusedWithOthers(status: number): RecordResult {
  return rejected(`the receiver refuses it together with others (${status})`, String(status))
}

/**
 * Whether an error of the whole is to be thrown: where nothing was taken, and where the run ends with it and the receiver
 * knows again what it took. Otherwise what was taken must be told, and the others wait ({@link later}).
 */
export function endsBatch(error: unknown, taken: boolean, { deduplicates = false }: WebhookConfig): boolean {
  return !isConnectorError(error) || !taken || (deduplicates && !PASSING.has(error.kind))
}

/** Errors that pass: a batch that meets one goes on where it stands. */
const PASSING: ReadonlySet<ConnectorErrorKind> = new Set([
  ConnectorErrorKind.RateLimited,
  ConnectorErrorKind.SourceUnavailable,
  ConnectorErrorKind.NetworkError,
])

/** An error of the whole, as the word for a record of a batch of which others were taken: it meets the same error again. */
export function later(error: unknown): RecordResult {
  if (!isConnectorError(error)) throw error
  const afterMs = error.until === undefined ? undefined : Math.max(0, error.until - Date.now())
  return { status: 'retry', reason: error.message, ...(afterMs !== undefined && { afterMs }) }
}
