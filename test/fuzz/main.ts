/** `npm run fuzz`: made-up segments over made-up people, every executor against the oracle. */
import { parseArgs } from 'node:util'
import { fuzz } from './run.js'

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
})
const [cases, seed] = [Number(values.cases), Number(values.seed)]
if (!(cases > 0) || !Number.isInteger(seed)) {
  console.error('usage: npm run fuzz -- [--cases N] [--seed S] [--json]')
  process.exit(2)
}
try {
  const report = await fuzz({ cases, seed }, (message) => console.error(message))
  console.log(values.json ? JSON.stringify(report) : Object.entries(report).map(String).join('\n'))
  process.exitCode = report.disagreements === 0 ? 0 : 1
} catch (error) {
  console.error(error)
  process.exitCode = 1
}
