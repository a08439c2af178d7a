/** The documents of JSON:API that the stand-in answers with. */
import type { FaultResponse } from '@tributary/connector-sdk/testing'

/** components/responses/ClientError of the description. */
export interface JsonApiError {
  readonly id: string
  readonly status?: number
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly source: { readonly pointer: string }
}

export function document(data: object): object {
  return { data, links: { self: 'https://a.klaviyo.com/' } }
}

export function problem(code: string, detail: string, pointer = '/data/'): JsonApiError {
  const id = '360c1a11-cc3b-4f6c-b1a8-3cfbacd77c2f'
  return { id, code, title: code === 'invalid' ? 'Invalid input.' : detail, detail, source: { pointer } }
}

export function refusal(status: number, errors: readonly JsonApiError[]): FaultResponse {
  return { status, body: { errors: errors.map((error) => ({ ...error, status })) } }
}
