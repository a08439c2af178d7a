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
  readonly dynamicImports?: readonly string[]
  readonly isDynamicEntry?: boolean
}

const FORM = 'src/ui/schema-form/schema-form.tsx'

describe('the first load of the page', () => {
  it('is small enough for a slow line, whichever page it is, and with a form in it', async () => {
    const manifest: Readonly<Record<string, Chunk>> = JSON.parse(
      await readFile(`${BUILT}/.vite/manifest.json`, 'utf8'),
    )
    const sizes = new Map<string, number>()
    const sizeOf = async (file: string) => {
      const known = sizes.get(file) ?? gzipSync(await readFile(`${BUILT}/${file}`)).length / 1000
      sizes.set(file, known)
      return known
    }
    const filesOf = (names: readonly string[]) => {
      const files = new Set(['index.html', 'color-scheme.js', 'mark.svg'])
      const visited = new Set<string>()
      const visit = (name: string) => {
        if (visited.has(name)) return
        visited.add(name)
        const { file, css = [], imports = [] } = manifest[name]!
        for (const each of [file, ...css]) files.add(each)
        for (const each of imports) visit(each)
      }
      for (const name of names) visit(name)
      return [...files]
    }
    // The library of charts is fetched by those who look at one, on a page that is there already.
    const pages = Object.entries(manifest).filter(
      ([name, { isDynamicEntry }]) => isDynamicEntry && !/chart/.test(name),
    )
    assert.ok(pages.some(([name]) => name === 'src/pages/overview/index.tsx'))
    for (const [name, { dynamicImports = [] }] of pages) {
      const files = filesOf(['index.html', name, ...dynamicImports.filter((part) => part === FORM)])
      const all = await Promise.all(files.map(async (file) => [file, await sizeOf(file)] as const))
      const total = all.reduce((sum, [, kilobytes]) => sum + kilobytes, 0)
      assert.ok(total < LIMIT_KB, `${name}: ${total.toFixed(1)} KB: ${JSON.stringify(all)}`)
    }
  })
})
