/** The grocer's workspace as it stands in the repository: nothing is wrong with it, not even a little. */
import assert from 'node:assert/strict'
import { validate } from '../../operations/validate.js'

describe("the grocer's workspace", () => {
  it('validates without a problem', async () => {
    assert.deepEqual(await validate({ workspaceDir: 'examples/grocer' }), { ok: true, problems: [] })
  })
})
