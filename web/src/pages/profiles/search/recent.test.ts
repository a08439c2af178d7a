import assert from 'node:assert/strict'
import { parseRecent, withRecent } from './recent.js'

describe('profiles looked at last', () => {
  it('begin with the newest, each once, eight at most', () => {
    const ids = Array.from({ length: 10 }, (_, at) => `p${at}`).reduce<readonly string[]>(withRecent, [])
    assert.deepEqual(withRecent(ids, 'p5'), ['p5', 'p9', 'p8', 'p7', 'p6', 'p4', 'p3', 'p2'])
  })

  const cases: readonly (readonly [kept: string | null, ids: readonly string[]])[] = [
    [null, []],
    ['{', []],
    ['{"a":1}', []],
    ['["p1","ada@example.com",7,"p2"]', ['p1', 'p2']],
  ]
  for (const [kept, ids] of cases) {
    it(`are ${JSON.stringify(ids)} where ${JSON.stringify(kept)} was kept`, () =>
      assert.deepEqual(parseRecent(kept), ids))
  }
})
