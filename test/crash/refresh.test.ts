/** Two rounds of the crash suite's refreshes; `npm run crash -- --part refresh` plays as many as one likes. */
import assert from 'node:assert/strict'
import { crashRefreshes } from './refresh/run.js'

/** Chosen so that a worker and ClickHouse are killed, and a worker stands still once. */
const SEEDS = [2, 4]

describe('refreshes under kills and stalls', function () {
  this.timeout(300_000)

  it('find exactly the people that belong into each segment, and log nothing false', async () => {
    const lines: string[] = []
    const report = await crashRefreshes({ seeds: SEEDS, log: (line) => lines.push(line) })
    const { rounds, kills, stalls, lost, duplicated, visibleEarly, cursorAhead } = report
    assert.deepEqual(
      { rounds, kills, stalls, lost, duplicated, visibleEarly, cursorAhead },
      { rounds: 2, kills: 3, stalls: 1, lost: 0, duplicated: 0, visibleEarly: 0, cursorAhead: 0 },
      lines.join('\n'),
    )
  })
})
