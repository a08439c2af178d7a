/** A round of the crash suite's activations; `npm run crash -- --part activate` plays as many as one likes. */
import assert from 'node:assert/strict'
import { crashActivations } from './activate/run.js'

/** Chosen so that a worker is killed, and one stands still in the middle of sending. */
const SEEDS = [13]

describe('activations under kills and stalls', function () {
  this.timeout(300_000)

  it('bring each tool exactly the segment, and tell of every message that came twice', async () => {
    const lines: string[] = []
    const report = await crashActivations({ seeds: SEEDS, log: (line) => lines.push(line) })
    const { rounds, kills, stalls, lost, duplicated, visibleEarly, cursorAhead } = report
    assert.deepEqual(
      { rounds, kills, stalls, lost, duplicated, visibleEarly, cursorAhead },
      { rounds: 1, kills: 1, stalls: 1, lost: 0, duplicated: 0, visibleEarly: 0, cursorAhead: 0 },
      lines.join('\n'),
    )
  })
})
