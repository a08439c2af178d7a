/**
 * What Klaviyo's errors mean (https://developers.klaviyo.com/en/docs/rate_limits_and_error_handling). Their details repeat
 * values of profiles: reasons are made from codes and the names in their pointers alone.
 */
import { ConnectorError } from '@tributary/connector-sdk'

export interface KlaviyoError {
  readonly id?: string
  readonly code?: string
  readonly detail?: string
  readonly source?: { readonly pointer?: string | null } | null
}

export interface Refusal {
  readonly reason: string
  readonly code?: string
}

export function errorsOf(body: unknown): readonly KlaviyoError[] {
  const { errors } = (typeof body === 'object' && body !== null ? body : {}) as { errors?: unknown }
  return Array.isArray(errors) ? (errors as readonly KlaviyoError[]) : []
}

/** `/data/attributes/profiles/data/3/attributes/email`: the row of an import that an error is about. */
export function rowOf({ source }: KlaviyoError): number | undefined {
  const [, row] = /^\/data\/attributes\/profiles\/data\/(\d+)(?:\/|$)/.exec(source?.pointer ?? '') ?? []
  return row === undefined ? undefined : Number(row)
}

/** Why Klaviyo refuses a profile, without its values. */
export function refusal({ code, detail, source }: KlaviyoError): Refusal {
  const what = fieldOf(source?.pointer ?? '') ?? 'the profile'
  const known = isCode(code) ? { code } : {}
  if (/not in a supported region/.test(detail ?? '')) {
    return { reason: `${what} is of a region that the account does not send to`, ...known }
  }
  return { reason: `${what} is refused by Klaviyo${isCode(code) ? ` (${code})` : ''}`, ...known }
}

/** The error of an answer that is about the request and not about rows of it. */
export function requestError(status: number, errors: readonly KlaviyoError[], doing: string): ConnectorError {
  const [first] = errors
  const details = {
    code: isCode(first?.code) ? first.code : String(status),
    ...(first?.id !== undefined && /^[\w-]{1,64}$/.test(first.id) && { requestId: first.id }),
  }
  if (status === 401 || /^(not_authenticated|authentication_failed)$/.test(first?.code ?? '')) {
    const remedy = 'copy a private key of the account again and resume'
    return new ConnectorError(
      'AuthExpired',
      `${doing}: Klaviyo does not know the API key; ${remedy}`,
      details,
    )
  }
  if (status === 403) {
    const remedy =
      'make a key with the scopes lists:read, lists:write, profiles:read and profiles:write and resume'
    return new ConnectorError('PermissionDenied', `${doing}: the API key may not do this; ${remedy}`, details)
  }
  const list = status === 404 || /^List ID .* does not exist/.test(first?.detail ?? '')
  if (list) {
    const remedy = 'discover the destination again and choose another object for the activation'
    return new ConnectorError('SchemaIncompatible', `${doing}: it is no longer there; ${remedy}`, details)
  }
  const pointer = first?.source?.pointer
  const where = typeof pointer === 'string' && /^[\w/.[\]-]{1,120}$/.test(pointer) ? ` at ${pointer}` : ''
  return new ConnectorError(
    'ContractViolation',
    `${doing}: Klaviyo answered ${status}${where}; report it to the connector's author`,
    details,
  )
}

/** `…/attributes/phone_number` → `phone_number`; `…/attributes/location/city` → `location.city`; a custom property's name. */
function fieldOf(pointer: string): string | undefined {
  const [, path] = /\/attributes\/((?!profiles\/)[\w.-]{1,100}(?:\/[\w.-]{1,100})?)\/?$/.exec(pointer) ?? []
  return path?.replace(/^properties\//, '').replace('/', '.')
}

function isCode(value: unknown): value is string {
  return typeof value === 'string' && /^[a-z][a-z0-9_.-]{0,80}$/i.test(value)
}
