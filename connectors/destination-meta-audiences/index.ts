/** Meta's custom audiences as a destination: hashed members of customer lists. */
import { defineDestination } from '@tributary/connector-sdk'
import { discoverAudiences } from './audiences.js'
import { accountName, checkAccount } from './check.js'
import { type MetaAudiencesConfig, spec } from './spec.js'

export type { MetaAudiencesConfig } from './spec.js'

export default defineDestination<MetaAudiencesConfig>({
  spec,
  check: checkAccount,
  account: accountName,
  objects: discoverAudiences,
})
