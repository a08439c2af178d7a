import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { renderProblem } from './problem.js'
import { readWorkspace } from './workspace.js'

const SOURCE =
  'connector: x\nstreams: [{ name: t, sync_mode: full_refresh, destination_sync_mode: append }]\n'

describe('readWorkspace', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'tributary-workspace-'))
    await mkdir(path.join(folder, 'w/sources'), { recursive: true })
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))
  const write = (file: string, text: string) => writeFile(path.join(folder, 'w', file), text)
  const read = () => readWorkspace(path.join(folder, 'w'))

  it('reads known files only', async () => {
    await write('tributary.yaml', 'workspace: w\ntime_zone: Europe/Paris\n')
    await write('sources/shop.yaml', SOURCE)
    await write('sources/notes.txt', 'x')
    await write('other.yaml', ': : :')
    const { files, problems, workspace } = await read()
    assert.deepEqual(problems, [])
    assert.deepEqual(Object.keys(files).sort(), ['sources/shop.yaml', 'tributary.yaml'])
    assert.deepEqual(
      [workspace?.name, workspace?.timeZone, workspace?.sources.map(({ id }) => id)],
      ['w', 'Europe/Paris', ['shop']],
    )
  })

  it('says what is missing, too large, outside or misnamed', async () => {
    await write('sources/big.yaml', `# ${'x'.repeat(300_000)}`)
    await write('sources/old.yml', SOURCE)
    await writeFile(path.join(folder, 'outside.yaml'), SOURCE)
    await symlink(path.join(folder, 'outside.yaml'), path.join(folder, 'w/sources/link.yaml'))
    await symlink(path.join(folder, 'nowhere.yaml'), path.join(folder, 'w/sources/dangling.yaml'))
    await mkdir(path.join(folder, 'w/sources/folder.yaml'))
    const { problems, workspace } = await read()
    assert.equal(workspace, undefined)
    assert.deepEqual(problems.map(renderProblem), [
      'sources/big.yaml:1:1: is larger than 262144 bytes; use globs, or split the source',
      'sources/dangling.yaml:1:1: cannot be read (ENOENT); check its permissions',
      'sources/folder.yaml:1:1: is not a regular file; replace it by a file',
      'sources/link.yaml:1:1: is a link that leaves the workspace; copy the file into the workspace',
      'sources/old.yml:1:1: is not read; rename it to .yaml',
      'tributary.yaml:1:1: is missing; run tributary init, or choose the folder with --workspace',
    ])
  })

  it('follows links that stay inside, as mounted configuration has them', async () => {
    await write('tributary.yaml', 'workspace: w\n')
    await mkdir(path.join(folder, 'w/..data'))
    await write('..data/shop.yaml', SOURCE)
    await symlink('../..data/shop.yaml', path.join(folder, 'w/sources/shop.yaml'))
    assert.deepEqual(
      (await read()).workspace?.sources.map(({ id }) => id),
      ['shop'],
    )
  })

  it('refuses a folder that is not there', async () => {
    await assert.rejects(
      readWorkspace(path.join(folder, 'none')),
      /there is no such folder; run tributary init/,
    )
  })
})
