/**
 * When calls are taken again after a limit was reached.
 * https://developers.facebook.com/docs/graph-api/overview/rate-limiting
 */
import { serverWaitMs } from '@tributary/connector-sdk'

/** No header makes anybody wait longer than this. */
const LONGEST_WAIT_MS = 24 * 3_600_000

/**
 * Epoch milliseconds. `X-Business-Use-Case-Usage` says minutes for each account and use (up to 32), of which the longest
 * counts; `X-Ad-Account-Usage` says seconds. Going on earlier would make the wait longer, the documentation says.
 * @param otherwiseMs where no header says
 */
export function accessRegainedAt(
  headers: Readonly<Record<string, unknown>>,
  now: number,
  otherwiseMs: number,
): number {
  const uses = Object.values(json(headers['x-business-use-case-usage'])).flat()
  const minutes = Math.max(0, ...uses.map((use) => numberIn(use, 'estimated_time_to_regain_access')))
  const seconds = numberIn(json(headers['x-ad-account-usage']), 'reset_time_duration')
  const said = minutes * 60_000 || seconds * 1000 || (serverWaitMs(headers, now) ?? 0)
  return now + Math.min(said || otherwiseMs, LONGEST_WAIT_MS)
}

function json(header: unknown): object {
  try {
    const value: unknown = JSON.parse(String(header))
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}

function numberIn(object: unknown, name: string): number {
  const value = typeof object === 'object' && object !== null ? (object as Record<string, unknown>)[name] : 0
  return typeof value === 'number' && value > 0 ? value : 0
}
