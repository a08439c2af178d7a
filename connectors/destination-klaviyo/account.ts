/** Which account a key is of; told to keys with the scope `accounts:read`. */
import type { ConnectorContext } from '@tributary/connector-sdk'
import { klaviyo } from './client.js'
import type { KlaviyoConfig } from './spec.js'

interface Account {
  readonly id: string
  readonly attributes?: {
    readonly contact_information?: { readonly organization_name?: string | null } | null
  }
}

/** https://developers.klaviyo.com/en/reference/get_accounts: the one that the key belongs to. */
export async function account(context: ConnectorContext<KlaviyoConfig>): Promise<string | undefined> {
  const { data } = await klaviyo(context).ask<{ readonly data?: readonly Account[] }>({
    method: 'GET',
    path: '/api/accounts',
    query: { 'fields[account]': 'contact_information.organization_name' },
    doing: 'reading the account',
  })
  const [found] = data ?? []
  if (found === undefined) return undefined
  const name = found.attributes?.contact_information?.organization_name
  return name ? `${name} (${found.id})` : found.id
}
