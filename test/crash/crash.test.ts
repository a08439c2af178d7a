/** A few rounds of the crash suite, one of each mode and victim; `npm run crash` plays as many as one likes. */
import assert from 'node:assert/strict'
import { crashSyncs } from './run.js'

/** Chosen so that every mode meets a fault, every part is killed once, and a worker stands still once. */
const SEEDS = [4, 5, 9, 10, 11, 12]

describe('syncs under kills and stalls', function () {
  this.timeout(300_000)

  it('lose, double and show nothing early', async () => {
    const lines: string[] = []
    const report = await crashSyncs({ seeds: SEEDS, log: (line) => lines.push(line) })
    const { rounds, kills, stalls, lost, duplicated, visibleEarly, cursorAhead } = report
    assert.deepEqual(
      { rounds, kills, stalls, lost, duplicated, visibleEarly, cursorAhead },
      { rounds: 6, kills: 5, stalls: 1, lost: 0, duplicated: 0, visibleEarly: 0, cursorAhead: 0 },
      lines.join('\n'),
    )
  })
})
