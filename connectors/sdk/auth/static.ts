/** Credentials that do not change: API keys, bearer tokens, user names with passwords. */
import type { AxiosRequestConfig } from 'axios'
import type { Auth } from './auth.js'

/** A key in a header or a query parameter, e.g. `apiKeyAuth({ header: 'X-Api-Key', value: config.api_key })`. */
export function apiKeyAuth(
  options: { readonly value: string } & ({ readonly header: string } | { readonly query: string }),
): Auth {
  return {
    apply: async (request) =>
      'header' in options
        ? withHeader(request, options.header, options.value)
        : {
            ...request,
            params: { ...(request.params as object | undefined), [options.query]: options.value },
          },
  }
}

/** `Authorization: Bearer <token>` (RFC 6750). */
export function bearerAuth(token: string): Auth {
  return { apply: async (request) => withHeader(request, 'Authorization', `Bearer ${token}`) }
}

/** `Authorization: Basic …` (RFC 7617), in UTF-8. */
export function basicAuth(username: string, password: string): Auth {
  const value = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  return { apply: async (request) => withHeader(request, 'Authorization', value) }
}

/** The request with one more header. */
export function withHeader(request: AxiosRequestConfig, name: string, value: string): AxiosRequestConfig {
  return {
    ...request,
    headers: { ...(request.headers as Record<string, string> | undefined), [name]: value },
  }
}
