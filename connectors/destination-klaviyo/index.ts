/** Klaviyo destination: profiles by bulk import jobs, and lists as audiences. */
import { defineDestination } from '@tributary/connector-sdk'
import { account } from './account.js'
import { klaviyo } from './client.js'
import { discover } from './objects.js'
import { type KlaviyoConfig, spec } from './spec.js'

export default defineDestination<KlaviyoConfig>({
  spec,
  check: async (context) => {
    const query = { 'fields[list]': 'name', 'page[size]': '1' }
    await klaviyo(context).ask({ method: 'GET', path: '/api/lists', query, doing: 'listing lists' })
  },
  account,
  objects: discover,
})
