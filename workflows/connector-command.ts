/** Check or discover a connector: one tiny workflow for both, so that an operator sees and can retry them. */
import { proxyActivities } from '@temporalio/workflow'
import type { Activities } from '../activities/index.js'
import type { CheckResult, ConnectorCommandInput, DiscoverResult } from './command-contract.js'
import { checkPolicy, discoverPolicy } from './policies.js'

const { checkConnector } = proxyActivities<Activities>(checkPolicy)
const { discoverCatalog } = proxyActivities<Activities>(discoverPolicy)

export async function connectorCommand(input: ConnectorCommandInput): Promise<CheckResult | DiscoverResult> {
  return input.kind === 'check' ? checkConnector(input) : discoverCatalog(input)
}
