/** How much a browser fetches before the first page shows: less than 400 KB compressed. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'

const BUILT = 'dist/web'
const LIMIT_KB = 400

interface Chunk {
  readonly file: string
  readonly css?: readonly string[]
  readonly imports?: readonly string[]
}

describe('the first load of the page', () => {
  it('is small enough for a slow line', async () => {
    const manifest: Readonly<Record<string, Chunk>> = JSON.parse(
      await readFile(`${BUILT}/.vite/manifest.json`, 'utf8'),
    )
    const files = new Set(['index.html', 'color-scheme.js'])
    const visited = new Set<string>()
    const visit = (name: string) => {
      if (visited.has(name)) return
      visited.add(name)
      const { file, css = [], imports = [] } = manifest[name]!
      for (const each of [file, ...css]) files.add(each)
      for (const each of imports) visit(each)
    }
    visit('index.html')
    visit('src/pages/overview/index.tsx')
    const sizes = await Promise.all(
      [...files].map(
        async (file) => [file, gzipSync(await readFile(`${BUILT}/${file}`)).length / 1000] as const,
      ),
    )
    const total = sizes.reduce((sum, [, kilobytes]) => sum + kilobytes, 0)
    assert.ok(total < LIMIT_KB, `${total.toFixed(1)} KB: ${JSON.stringify(sizes)}`)
  })
})
