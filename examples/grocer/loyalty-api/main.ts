/**
 * Serves the loyalty API until Ctrl-C: `node dist/examples/grocer/loyalty-api/main.js [DATA_DIRECTORY]`.
 * Environment: LOYALTY_PORT (8080), LOYALTY_CLIENT_SECRET (required), LOYALTY_SEED; LOYALTY_FAULTS=none for a flawless API.
 */
import { REAL_FAULTS } from './faults.js'
import { readLoyaltyData } from './programme.js'
import { startLoyaltyApi } from './server.js'

const { LOYALTY_PORT = '8080', LOYALTY_CLIENT_SECRET, LOYALTY_SEED = '1', LOYALTY_FAULTS } = process.env
if (LOYALTY_CLIENT_SECRET === undefined) {
  console.error('starting the loyalty API: no client secret; set LOYALTY_CLIENT_SECRET')
  process.exit(2)
}
const api = await startLoyaltyApi({
  data: await readLoyaltyData(process.argv[2] ?? 'examples/grocer/data'),
  port: Number(LOYALTY_PORT),
  seed: Number(LOYALTY_SEED),
  faults: LOYALTY_FAULTS === 'none' ? {} : REAL_FAULTS,
  clientSecret: LOYALTY_CLIENT_SECRET,
})
console.log(`loyalty API: ${api.url}, client id ${api.clientId}`)
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void api.stop())
}
