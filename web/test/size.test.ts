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
}

type Manifest = Readonly<Record<string, Chunk>>

describe('the first load of the page', () => {
  it('is small enough for a slow line, whichever address it is, tabs and forms included', async () => {
    const manifest: Manifest = JSON.parse(await readFile(`${BUILT}/.vite/manifest.json`, 'utf8'))
    const sizeOf = memo(async (file) => gzipSync(await readFile(`${BUILT}/${file}`)).length / 1000)
    const loads = loadsFrom(manifest, ['index.html'])
    // The bundler names a chunk by its file, or by what it was made of.
    for (const part of [/overview/, /settings-tab/, /new-source/, /trend-chart/])
      assert.ok(
        loads.some((names) => part.test(names.at(-1)!)),
        `no load of ${part}`,
      )
    for (const names of loads) {
      const chunks = names.flatMap((name) => chunksOf(manifest, name)).map((name) => manifest[name]!)
      const files = new Set([
        'index.html',
        'color-scheme.js',
        'mark.svg',
        ...chunks.flatMap(({ file, css = [] }) => [file, ...css]),
      ])
      const sizes = await Promise.all([...files].map(async (file) => [file, await sizeOf(file)] as const))
      const total = sizes.reduce((sum, [, kilobytes]) => sum + kilobytes, 0)
      assert.ok(
        total < LIMIT_KB,
        `${names.join(' > ')}: ${total.toFixed(1)} KB: ${JSON.stringify(sizes.sort((a, b) => b[1] - a[1]))}`,
      )
    }
  })
})

/** What shows at once with a form; what is fetched later, by those who go on, is no first load. */
const FORM = /schema-form\.tsx$/
const LATER = /stream-chooser|finish\.tsx/

/** Each way down from the page to an area, a page of it, a tab of that; each with the form where there is one. */
function loadsFrom(manifest: Manifest, way: readonly string[]): readonly (readonly string[])[] {
  const before = new Set(way.slice(0, -1).flatMap((name) => chunksOf(manifest, name)))
  const fresh = chunksOf(manifest, way.at(-1)!).filter((name) => !before.has(name))
  const parts = [...new Set(fresh.flatMap((name) => manifest[name]!.dynamicImports ?? []))]
  const form = parts.find((part) => FORM.test(part))
  return [
    form === undefined ? way : [form, ...way],
    ...parts
      .filter((part) => !FORM.test(part) && !LATER.test(part))
      .flatMap((part) => loadsFrom(manifest, [...way, part])),
  ]
}

/** A chunk and all that comes with it. */
function chunksOf(manifest: Manifest, name: string, known = new Set<string>()): readonly string[] {
  if (known.has(name)) return []
  known.add(name)
  return [name, ...(manifest[name]!.imports ?? []).flatMap((each) => chunksOf(manifest, each, known))]
}

function memo(ask: (file: string) => Promise<number>): (file: string) => Promise<number> {
  const known = new Map<string, Promise<number>>()
  return (file) => {
    const answer = known.get(file) ?? ask(file)
    known.set(file, answer)
    return answer
  }
}
