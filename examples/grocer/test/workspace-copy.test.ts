import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sourceFileSchema, workspaceFileSchema } from '@tributary/schemas'
import { parse } from 'yaml'
import { schemaProblems } from '../../../runtime/validation.js'
import { copyWorkspace, deliverLastWeek, LAST_WEEK } from '../workspace-copy.js'

const FROM = 'examples/grocer'
const DATA = 'examples/grocer/data'
const SOURCES = ['loyalty.yaml', 'shop.yaml', 'till.yaml']

const parseFile = async (path: string): Promise<Record<string, unknown>> =>
  parse(await readFile(path, 'utf8')) as Record<string, unknown>

describe('the grocer workspace', () => {
  let directory: string
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'grocer-test-'))
  })
  afterEach(() => rm(directory, { recursive: true, force: true }))

  it('has files that are valid', async () => {
    assert.deepEqual(schemaProblems(workspaceFileSchema, await parseFile(`${FROM}/tributary.yaml`)), [])
    assert.deepEqual((await readdir(`${FROM}/sources`)).sort(), SOURCES)
    for (const file of SOURCES) {
      assert.deepEqual(schemaProblems(sourceFileSchema, await parseFile(`${FROM}/sources/${file}`)), [], file)
    }
  })

  it('is copied with other addresses, its connectors, and the till without its last week', async () => {
    await copyWorkspace({
      from: FROM,
      to: directory,
      dataDirectory: DATA,
      config: { shop: { port: 54321 }, loyalty: { base_url: 'http://127.0.0.1:54322' } },
    })
    const shop = await parseFile(join(directory, 'sources/shop.yaml'))
    const original = await parseFile(`${FROM}/sources/shop.yaml`)
    assert.deepEqual(shop, { ...original, config: { ...(original.config as object), port: 54321 } })
    const text = await readFile(join(directory, 'sources/loyalty.yaml'), 'utf8')
    assert.ok(text.includes('base_url: http://127.0.0.1:54322'))
    assert.ok(text.includes('# The loyalty programme'), 'comments are kept')
    assert.ok(text.includes('secret:LOYALTY_CLIENT_SECRET}'), 'secrets stay references')
    assert.ok((await readdir(join(directory, 'connectors/source-loyalty'))).includes('spec.json'))
    assert.deepEqual(
      await readFile(join(directory, 'tributary.yaml')),
      await readFile(`${FROM}/tributary.yaml`),
    )
    const weeks = await readdir(join(directory, 'data/till/transactions'))
    assert.equal(weeks.length, 9)
    await deliverLastWeek(directory, DATA)
    assert.deepEqual(
      await readFile(join(directory, 'data', LAST_WEEK)),
      await readFile(join(DATA, LAST_WEEK)),
    )
  })

  it('is copied again over a copy, and can have other schedules or none', async () => {
    const options = { from: FROM, to: directory, dataDirectory: DATA, config: {} }
    await copyWorkspace(options)
    await deliverLastWeek(directory, DATA)
    for (const schedule of ['manual', { every: '10s', jitter: '0s' }] as const) {
      await copyWorkspace({ ...options, schedule })
      assert.equal((await readdir(join(directory, 'data/till/transactions'))).length, 9)
      for (const file of SOURCES) {
        const source = await parseFile(join(directory, 'sources', file))
        assert.deepEqual(source.schedule, schedule)
        assert.deepEqual(schemaProblems(sourceFileSchema, source), [], file)
      }
    }
  })
})
