import assert from 'node:assert/strict'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { readManifest } from '../extract/manifest.js'

const DATA = 'examples/grocer/data'

const files = async (): Promise<string[]> =>
  (await readdir(DATA, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

describe("the grocer's data", () => {
  it('is small enough to stand in git', async () => {
    const sizes = await Promise.all((await files()).map(async (path) => (await stat(path)).size))
    assert.ok(sizes.reduce((sum, size) => sum + size, 0) < 6_000_000)
  })

  it('is all in the manifest, with the rows that it says', async () => {
    const manifest = await readManifest(DATA)
    const found = (await files())
      .map((path) => path.slice(DATA.length + 1))
      .filter((path) => path.includes('/'))
    assert.deepEqual(Object.keys(manifest).sort(), found.sort())
    for (const [path, { rows }] of Object.entries(manifest)) {
      if (path.endsWith('.parquet')) {
        continue
      }
      const bytes = await readFile(join(DATA, path))
      const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
      const header = path.includes('.csv') ? 1 : 0
      assert.equal(text.trimEnd().split('\n').length - header, rows, path)
    }
  })
})
