/**
 * How the Graph API speaks, whatever is asked of it: parameters in the query or the body, who may ask, and errors.
 * https://developers.facebook.com/docs/graph-api/guides/error-handling
 * https://developers.facebook.com/docs/graph-api/guides/secure-requests
 */
import { createHmac } from 'node:crypto'
import type { FaultRequest, FaultResponse } from '@tributary/connector-sdk/testing'

export interface GraphError {
  /** The documentation names codes, not statuses; clients must go by the code. @default 400 */
  readonly status?: number
  readonly code: number
  readonly subcode?: number
  readonly transient?: boolean
  readonly headers?: Readonly<Record<string, string>>
}

export function graphError({ status = 400, code, subcode, transient, headers }: GraphError): FaultResponse {
  return {
    status,
    ...(headers && { headers }),
    body: {
      error: {
        message: `(#${code}) A sentence that may change at any time`,
        type: 'OAuthException',
        code,
        ...(subcode !== undefined && { error_subcode: subcode }),
        ...(transient !== undefined && { is_transient: transient }),
        error_user_title: 'A title',
        error_user_msg: 'A message',
        fbtrace_id: 'EJplcsCHuLu',
      },
    },
  }
}

/**
 * The limit of calls for custom audiences is reached, for so many minutes.
 * https://developers.facebook.com/docs/graph-api/overview/rate-limiting#buc-rate-limits
 */
export function throttled(minutes: number): FaultResponse {
  const usage = {
    '66782684': [
      {
        type: 'custom_audience',
        call_count: 100,
        total_cputime: 25,
        total_time: 25,
        estimated_time_to_regain_access: minutes,
      },
      {
        type: 'ads_insights',
        call_count: 97,
        total_cputime: 23,
        total_time: 23,
        estimated_time_to_regain_access: 0,
      },
    ],
  }
  const headers = { 'x-business-use-case-usage': JSON.stringify(usage) }
  return graphError({ code: 80003, subcode: 2446079, headers })
}

export type Parameters = Readonly<Record<string, unknown>>

/** All parameters; those that are objects are JSON in forms and objects in JSON bodies. */
export function parametersOf({ query, headers, body }: FaultRequest): Parameters {
  const type = headers['content-type'] ?? ''
  const given: Record<string, unknown> = type.includes('json')
    ? (JSON.parse(body) as Record<string, unknown>)
    : Object.fromEntries(new URLSearchParams(body))
  return Object.fromEntries(
    Object.entries({ ...Object.fromEntries(query), ...given }).map(([name, value]) => [name, parsed(value)]),
  )
}

function parsed(value: unknown): unknown {
  return typeof value === 'string' && /^[{[]/.test(value) ? (JSON.parse(value) as unknown) : value
}

/** Who may ask, or the error for everybody else. */
export function refused(
  parameters: Parameters,
  token: string,
  appSecret: string | undefined,
): FaultResponse | undefined {
  if (parameters.access_token !== token) return graphError({ status: 401, code: 190, subcode: 463 })
  if (appSecret === undefined) return undefined
  const proof = createHmac('sha256', appSecret).update(token).digest('hex')
  return parameters.appsecret_proof === proof ? undefined : graphError({ code: 100 })
}
