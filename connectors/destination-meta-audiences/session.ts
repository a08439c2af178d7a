/**
 * Upload sessions, which tell Meta which requests belong together, and that one of them comes again.
 * https://developers.facebook.com/documentation/ads-commerce/marketing-api/audiences/guides/custom-audiences
 */
import { createHash } from 'node:crypto'

export interface Session {
  /** The advertiser's own, unique within the ad account. */
  readonly session_id: number
  /** From 1. */
  readonly batch_seq: number
  readonly last_batch_flag: boolean
  readonly estimated_num_total?: number
}

/** The id of what a key names, the same for every attempt: a positive integer that JSON holds exactly (52 bits). */
export function sessionId(audience: string, key: string): number {
  const hash = createHash('sha256').update(`${audience}/${key}`).digest('hex')
  return Number.parseInt(hash.slice(0, 13), 16) + 1
}
