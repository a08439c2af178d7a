/**
 * The one way from the page to the API: typed by the API's own description, with the session's CSRF token on every change
 * (https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html), and with every
 * refusal thrown as {@link ApiError}.
 */
import createClient, { type Middleware } from 'openapi-fetch'
import { toApiError, unreachable } from './api-error.js'
import { patientFetch } from './patient-fetch.js'
import type { paths } from './schema.js'
import type { Api } from './typed.js'

let csrfToken: string | undefined

/** Called with each session's token: what is sent from then on carries it. */
export function setCsrfToken(token: string | undefined): void {
  csrfToken = token
}

const guard: Middleware = {
  onRequest({ request }) {
    if (request.method !== 'GET' && csrfToken !== undefined) request.headers.set('x-csrf-token', csrfToken)
    return request
  },
  async onResponse({ response }) {
    if (response.ok) return undefined
    throw toApiError(response.status, await response.json().catch(() => undefined))
  },
  onError({ error }) {
    // A reader that left is no failure of the server.
    if (error instanceof DOMException && error.name === 'AbortError') return error
    return unreachable()
  },
}

/** Bytes go as they are; everything else is JSON. */
const bodySerializer = (body: unknown) => (body instanceof Blob ? body : JSON.stringify(body))

const client = createClient<paths>({ credentials: 'same-origin', fetch: patientFetch, bodySerializer })
client.use(guard)

/**
 * The API. Use it through {@link take} for changes and through `useRead` for what a page shows. The library's own types lose
 * read-only lists, so it wears those of {@link Api}.
 */
export const api = client as unknown as Api

/**
 * The body of an answer: `await take(api.PUT('/api/v1/secrets/{name}', { … }))`.
 * @throws ApiError where the API refuses or cannot be reached.
 */
export async function take<T>(answer: Promise<{ readonly data?: T }>): Promise<T> {
  return (await answer).data as T
}
