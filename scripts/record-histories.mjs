/** Refreshes test/histories from real runs: `npm run build && node scripts/record-histories.mjs`. */
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { recordHistories } from '../dist/test/support/record-histories.js'

await recordHistories(join(dirname(fileURLToPath(import.meta.url)), '..', 'test', 'histories'))
