/**
 * Signs messages as the Standard Webhooks specification says
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md), so that receivers verify them
 * with its libraries.
 */
import { createHmac } from 'node:crypto'
import type { Auth } from '@tributary/connector-sdk'

/**
 * The `webhook-signature` of a message: one signature by each secret, newest first.
 * @param secrets `whsec_` and base64
 * @param id without a full stop
 * @param timestamp seconds since 1970
 */
export function signature(
  secrets: readonly string[],
  id: string,
  timestamp: number,
  body: Uint8Array,
): string {
  return secrets
    .map((secret) => {
      const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
      return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')}`
    })
    .join(' ')
}

/**
 * Signs every try of a request anew: receivers refuse old timestamps. The request has its message's bytes as its data and
 * its id in the header `webhook-id`.
 * @param now epoch milliseconds
 */
export function signing(secrets: readonly string[], now: () => number = Date.now): Auth {
  return {
    apply: async (request) => {
      const headers = request.headers as Readonly<Record<string, string>>
      const timestamp = Math.floor(now() / 1000)
      return {
        ...request,
        headers: {
          ...headers,
          'webhook-timestamp': String(timestamp),
          'webhook-signature': signature(
            secrets,
            headers['webhook-id'] ?? '',
            timestamp,
            request.data as Uint8Array,
          ),
        },
      }
    },
  }
}
