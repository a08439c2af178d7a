/**
 * What Meta's errors mean. Their sentences may change and may repeat what was sent: only codes count, and only ours are said.
 * https://developers.facebook.com/docs/graph-api/guides/error-handling
 * https://developers.facebook.com/documentation/ads-commerce/marketing-api/error-reference
 */
import { ConnectorError, type ConnectorErrorKind } from '@tributary/connector-sdk'
import { accessRegainedAt } from './rate-limits.js'

/** Subcodes of 2650 that a replacement of an audience ends with. */
export const ReplaceFailure = {
  underWay: '2650/1870145',
  notBegun: '2650/1870147',
  timedOut: '2650/1870158',
  ended: '2650/1870159',
} as const

/** Removing these members would leave too few of them. */
export const TOO_FEW_LEFT = '200/1870047'

interface Meaning {
  readonly kind: ConnectorErrorKind
  readonly remedy: string
  /** RateLimited without a word of when to go on: this long. */
  readonly waitMs?: number
}

const MINUTE_MS = 60_000
const TERMS = 'https://www.facebook.com/ads/manage/customaudiences/tos'

const TOKEN: Meaning = {
  kind: 'AuthExpired',
  remedy: 'the access token is no longer valid: create another and resume',
}
const PERMISSION: Meaning = {
  kind: 'PermissionDenied',
  remedy: 'give the token ads_management and its system user the ad account, then resume',
}
const TERMS_OPEN: Meaning = {
  kind: 'PermissionDenied',
  remedy: `accept the terms of custom audiences for the ad account (${TERMS}), then resume`,
}
const LIMIT: Meaning = { kind: 'RateLimited', remedy: 'it goes on by itself', waitMs: 5 * MINUTE_MS }
const FAULT: Meaning = { kind: 'SourceUnavailable', remedy: 'Meta has a fault; it is tried again' }

const UNKNOWN: Meaning = {
  kind: 'ConfigInvalid',
  remedy:
    'see what it means in https://developers.facebook.com/documentation/ads-commerce/marketing-api/error-reference',
}

/** Of answers without a code of Meta's: from something between. */
const BY_STATUS: Readonly<Record<number, Meaning>> = { 401: TOKEN, 403: PERMISSION, 408: FAULT, 429: LIMIT }

/** By `code/subcode`, or by code. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  1: FAULT,
  2: FAULT,
  3: PERMISSION,
  4: LIMIT,
  10: PERMISSION,
  17: LIMIT,
  32: LIMIT,
  100: {
    kind: 'ConfigInvalid',
    remedy: 'it refuses a parameter: check ad_account_id, app_secret and api_version',
  },
  '100/33': {
    kind: 'PermissionDenied',
    remedy:
      'there is no such account or audience, or the token may not see it: check ad_account_id, or give its system user the ad account',
  },
  '100/1713230': {
    kind: 'PermissionDenied',
    remedy: 'Meta blocked uploads to this audience: appeal in Audience Manager, or send to another audience',
  },
  102: TOKEN,
  104: { kind: 'ConfigInvalid', remedy: 'the signature is wrong: check app_secret' },
  190: TOKEN,
  '200/1870034': TERMS_OPEN,
  '200/1870090': TERMS_OPEN,
  294: PERMISSION,
  341: LIMIT,
  368: {
    kind: 'RateLimited',
    remedy: 'Meta blocked this for a while, for its policies',
    waitMs: 60 * MINUTE_MS,
  },
  613: LIMIT,
  2635: { kind: 'ConfigInvalid', remedy: 'Meta ended this version of its API: raise api_version' },
  2650: {
    kind: 'ConfigInvalid',
    remedy:
      'the audience does not take these identifiers: send to an audience that was made from a customer list',
  },
  '2650/1870144': { kind: 'ConfigInvalid', remedy: 'it has 100 million members or more: use mode mirror' },
  '2650/1870148': FAULT,
  [ReplaceFailure.underWay]: {
    kind: 'RateLimited',
    remedy: 'the audience is being updated; it goes on by itself',
    waitMs: 5 * MINUTE_MS,
  },
  [ReplaceFailure.notBegun]: FAULT,
}

/** The error that an answer stands for. Its code is Meta's: `2650/1870145`. */
export function graphError(
  action: string,
  answer: {
    readonly status: number
    readonly headers: Readonly<Record<string, unknown>>
    readonly body: Readonly<Record<string, unknown>>
  },
): ConnectorError {
  const { status, headers, body } = answer
  const error = (typeof body.error === 'object' && body.error !== null ? body.error : {}) as Record<
    string,
    unknown
  >
  const number = Number.isSafeInteger(error.code) ? (error.code as number) : undefined
  const subcode = Number.isSafeInteger(error.error_subcode) ? `/${String(error.error_subcode)}` : ''
  const code = number === undefined ? String(status) : `${number}${subcode}`
  const { kind, remedy, waitMs } = meaningOf(status, number, code, error.is_transient === true)
  const trace = error.fbtrace_id
  return new ConnectorError(kind, `${action}: Meta answers ${code}; ${remedy}`, {
    code,
    ...(typeof trace === 'string' && /^[\w-]{1,64}$/.test(trace) && { requestId: trace }),
    ...(kind === 'RateLimited' && { until: accessRegainedAt(headers, Date.now(), waitMs ?? 5 * MINUTE_MS) }),
  })
}

function meaningOf(status: number, number: number | undefined, code: string, transient: boolean): Meaning {
  const known = MEANINGS[code] ?? MEANINGS[String(number)]
  if (known) return known
  if (number === undefined) return BY_STATUS[status] ?? UNKNOWN
  if (number >= 80_000 && number <= 80_014) return LIMIT
  if (number >= 200 && number <= 299) return PERMISSION
  // Below 0: errors of Meta's own (error-reference).
  if (transient || number < 0) return FAULT
  return UNKNOWN
}
