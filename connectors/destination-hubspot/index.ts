/** HubSpot destination: contacts, companies and custom objects by batch upsert, and static lists as audiences. */
import { defineDestination } from '@tributary/connector-sdk'
import { account } from './account.js'
import { discover } from './discover.js'
import { type HubspotConfig, spec } from './spec.js'

export default defineDestination<HubspotConfig>({
  spec,
  check: async (context) => void (await discover(context)),
  account,
  objects: discover,
})
