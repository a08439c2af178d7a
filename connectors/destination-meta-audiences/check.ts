/** Whether a config works, and which ad account it is of. */
import type { ConnectorContext } from '@tributary/connector-sdk'
import { accountPath, openGraph } from './graph.js'
import type { MetaAudiencesConfig } from './spec.js'

/**
 * Reads the ad account and its audiences. Whether members may be sent shows at the first batch only; terms that are not
 * accepted are said here already, where Meta tells of them (of shared accounts it does not).
 * https://developers.facebook.com/documentation/ads-commerce/marketing-api/audiences/reference/custom-audience-terms-of-service
 */
export async function checkAccount(context: ConnectorContext<MetaAudiencesConfig>): Promise<void> {
  const graph = openGraph(context)
  const account = accountPath(context.config)
  const { tos_accepted: terms } = await graph.get('reading the ad account', account, {
    fields: 'tos_accepted',
  })
  await graph.get('listing custom audiences', `${account}/customaudiences`, { fields: 'id', limit: '1' })
  const { custom_audience_tos: accepted } = (terms ?? {}) as Record<string, unknown>
  if (Number(accepted) !== 1) {
    context.log.warn('the ad account does not say that it accepted the terms of custom audiences', {
      accept: 'https://www.facebook.com/ads/manage/customaudiences/tos',
    })
  }
}

/** The ad account's name beside its number. */
export async function accountName(context: ConnectorContext<MetaAudiencesConfig>): Promise<string> {
  const account = accountPath(context.config)
  const { name } = await openGraph(context).get('reading the ad account', account, { fields: 'name' })
  return typeof name === 'string' && name !== '' ? `${name} (${account})` : account
}
