import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(new URL('../../scripts/generate-types.mjs', import.meta.url))

describe('generated types', function () {
  this.timeout(60_000)

  it('are what the schemas and specs say', () => {
    const { status, stdout } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' })
    assert.deepEqual([status, stdout], [0, ''])
  })
})
