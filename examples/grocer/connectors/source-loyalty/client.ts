/** The loyalty API: OAuth client credentials, and listings by cursor in the order of change. */
import {
  type ConnectorContext,
  cursorPaging,
  type HttpClient,
  oauth2ClientCredentials,
} from '@tributary/connector-sdk'
import type { LoyaltyConfig } from './spec.js'

/** Largest page that the API gives. */
const PAGE_LIMIT = 250

/** A client whose requests carry a token; tokens are fetched, renewed and replaced as needed. */
export function loyaltyClient(context: ConnectorContext<LoyaltyConfig>): HttpClient {
  const { base_url, client_id, client_secret, requests_per_second } = context.config
  const baseUrl = base_url.replace(/\/+$/, '')
  return context.http({
    baseUrl,
    auth: oauth2ClientCredentials({
      tokenUrl: `${baseUrl}/oauth/token`,
      clientId: client_id,
      clientSecret: client_secret,
      http: context.http(),
    }),
    ...(requests_per_second === undefined ? {} : { requestsPerSecond: requests_per_second }),
  })
}

/** Pages of what changed in `from <= updated_at < before`, ordered by `updated_at`, then by id. */
export async function* changedPages<T>(
  client: HttpClient,
  path: string,
  range: { readonly from: string | undefined; readonly before: string | undefined },
): AsyncGenerator<readonly T[]> {
  const pages = client.pages<T>(path, {
    query: { updated_since: range.from, updated_before: range.before, limit: PAGE_LIMIT },
    paging: cursorPaging('next_cursor'),
    itemsPath: 'data',
  })
  for await (const { items } of pages) {
    yield items
  }
}
