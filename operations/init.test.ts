import { deepEqual, match } from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { init } from './init.js'

describe('a new workspace', () => {
  let dir: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'tributary-init-'))
  })
  afterEach(() => rm(dir, { recursive: true }))

  it('has the time zone of the machine, and a name of letters that files take', async () => {
    const { name } = await init(join(dir, 'Ma Boutique 2'))
    const text = await readFile(join(dir, 'Ma Boutique 2', 'tributary.yaml'), 'utf8')
    const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone
    match(text, new RegExp(`^time_zone: ${zone} #`, 'm'))
    deepEqual(name, 'ma_boutique_2')
  })

  it('leaves alone what is there', async () => {
    const first = await init(dir)
    const again = await init(dir)
    deepEqual(
      [first.written, again.written],
      [['tributary.yaml', 'sources/files.yaml', 'data/hello.csv', '.gitignore'], []],
    )
  })
})
