/** Options and errors of the stand-in. */
import type { FaultResponse } from '@tributary/connector-sdk/testing'

/** What differs between accounts, or is left open by the documentation. */
export interface ServerOptions {
  /** Scopes of the private app's token. */
  scopes: Set<string>
  /**
   * True: `objectWriteTraceId` brings partial success to upserts and updates as it does to creates. The descriptions
   * have the 207 answer for all three; the guide tells of creates only, and that `email` brings none to upserts. False:
   * one bad input fails the whole request.
   */
  partialSuccess: boolean
  /** True: results carry the trace id of their input. The description allows it; the guide's example has none. */
  traceResults: boolean
  /** Requests that are answered within ten seconds. */
  burst: number
  /** Requests that are answered today. */
  daily: number
}

/** The body of an error (components/schemas/Error of the descriptions). */
export function failure(status: number, category: string, message: string, more: object = {}): FaultResponse {
  const correlationId = 'aeb5f871-7f07-4993-9211-075dc63e7cbf'
  return { status, body: { status: 'error', message, correlationId, category, ...more } }
}
