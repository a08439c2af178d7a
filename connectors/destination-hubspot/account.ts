/** Which account a token is of. HubSpot tells its number, not its name. */
import type { ConnectorContext } from '@tributary/connector-sdk'
import { hubspot } from './client.js'
import type { HubspotConfig } from './spec.js'

/** https://developers.hubspot.com/docs/api-reference/settings-account-information-v3/details/get-account-info-v3-details */
export async function account(context: ConnectorContext<HubspotConfig>): Promise<string | undefined> {
  const { body } = await hubspot(context).send<{ readonly portalId?: number; readonly accountType?: string }>(
    'GET',
    '/account-info/v3/details',
  )
  const { portalId, accountType } = body
  if (portalId === undefined) return undefined
  const kind = accountType === undefined ? '' : `, ${accountType.toLowerCase().replaceAll('_', ' ')}`
  return `Hub ID ${portalId}${kind}`
}
