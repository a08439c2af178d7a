/** What the page may import: nothing of the product but the API's description; areas use each other one way only. */
import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'

const SOURCES = resolve('web/src')
const IMPORT = /(?:from|import\()\s*'([^']+)'/g

describe('the page', () => {
  let imports: readonly { readonly file: string; readonly from: string }[]
  before(async () => {
    const files = (await readdir(SOURCES, { recursive: true })).filter(
      (file) => /\.tsx?$/.test(file) && !file.includes('.test.'),
    )
    const found = files.map(async (file) => {
      const text = await readFile(join(SOURCES, file), 'utf8')
      return [...text.matchAll(IMPORT)].map(([, from]) => ({ file, from: from! }))
    })
    imports = (await Promise.all(found)).flat()
  })

  it('imports nothing of the product and nothing of Node', () => {
    const strange = imports.filter(({ file, from }) =>
      from.startsWith('.')
        ? relative(SOURCES, resolve(SOURCES, file, '..', from)).startsWith('..')
        : /^(node:|@tributary\/|@temporalio\/|@clickhouse\/)/.test(from),
    )
    assert.deepEqual(strange, [])
  })

  it('has no two areas that need each other', () => {
    const areaOf = (path: string) => /^pages\/([^/]+)/.exec(path)?.[1]
    const edges = imports.flatMap(({ file, from }) => {
      if (!from.startsWith('.')) return []
      const [one, other] = [areaOf(file), areaOf(relative(SOURCES, resolve(SOURCES, file, '..', from)))]
      return one === undefined || other === undefined || one === other ? [] : [`${one} ${other}`]
    })
    const needed = new Set(edges)
    assert.deepEqual(
      [...needed].filter((edge) => needed.has(edge.split(' ').toReversed().join(' '))),
      [],
    )
  })

  it('has parts that know no area', () => {
    const upward = imports.filter(
      ({ file, from }) => /^(ui|api)\//.test(file) && from.startsWith('.') && from.includes('/pages/'),
    )
    assert.deepEqual(upward, [])
  })
})
