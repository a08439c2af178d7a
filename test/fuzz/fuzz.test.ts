import assert from 'node:assert/strict'
import { fuzz } from './run.js'

describe('segments', () => {
  it('have the members that the published semantics say, found by every executor', async function () {
    this.timeout(180_000)
    const said: string[] = []
    const report = await fuzz({ cases: 30_000, seed: 1 }, (message) => said.push(message))
    assert.equal(report.disagreements, 0, said.join('\n'))
    assert.ok(report.members > report.cases / 5 && report.members < report.cases / 1.5)
  })
})
