/** `npm run crash`: kills and stalls processes at chosen moments and compares every row afterwards. */
import { parseArgs } from 'node:util'
import { crashActivations } from './activate/run.js'
import { crashRefreshes } from './refresh/run.js'
import { crashSyncs, isClean } from './run.js'

const PARTS = { sync: crashSyncs, refresh: crashRefreshes, activate: crashActivations } as const

const { values } = parseArgs({
  options: {
    part: { type: 'string', default: 'sync' },
    rounds: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
})
const [rounds, seed] = [Number(values.rounds), Number(values.seed)]
const part = Object.entries(PARTS).find(([name]) => name === values.part)
if (!part || !(rounds > 0) || !Number.isInteger(seed)) {
  console.error('usage: npm run crash -- [--part sync|refresh|activate] [--rounds N] [--seed S] [--json]')
  process.exit(2)
}
try {
  const seeds = Array.from({ length: rounds }, (_, round) => seed + round)
  const report = await part[1]({ seeds, log: (message) => console.error(message) })
  console.log(values.json ? JSON.stringify(report) : Object.entries(report).map(String).join('\n'))
  process.exitCode = isClean(report) && report.rounds === rounds ? 0 : 1
} catch (error) {
  console.error(error)
  process.exitCode = 1
}
