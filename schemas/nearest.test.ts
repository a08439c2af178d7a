import assert from 'node:assert/strict'
import { nearestName } from './nearest.js'

describe('nearestName', () => {
  const names = ['host', 'port', 'password', 'sync_mode']
  const cases: [string, string | undefined][] = [
    ['hots', 'host'],
    ['Host', 'host'],
    ['pasword', 'password'],
    ['passwrd_', 'password'],
    ['syncmode', 'sync_mode'],
    ['database', undefined],
    ['x', undefined],
  ]
  for (const [name, expected] of cases) {
    it(`finds ${expected ?? 'nothing'} for ${name}`, () => assert.equal(nearestName(name, names), expected))
  }
})
