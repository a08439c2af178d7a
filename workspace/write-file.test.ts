import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EtagMismatch, etagOf, writeWorkspaceFile } from './write-file.js'

describe('writing a file of a workspace', () => {
  let folder: string

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tributary-write-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  const read = (path: string) => readFile(join(folder, path), 'utf8')

  it('makes it with its folder where there is none, and replaces what the writer has seen', async () => {
    await writeWorkspaceFile(folder, 'segments/a.yaml', 'name: A\n', null)
    await writeWorkspaceFile(folder, 'segments/a.yaml', 'name: B\n', etagOf('name: A\n'))
    assert.equal(await read('segments/a.yaml'), 'name: B\n')
    assert.deepEqual(await readdir(join(folder, 'segments')), ['a.yaml'])
  })

  it('refuses what somebody else wrote, made or deleted meanwhile, and says what is there', async () => {
    await writeWorkspaceFile(folder, 'segments/a.yaml', 'name: A\n', null)
    const refused = async (text: string | null, expected: string | null) => {
      const error = await writeWorkspaceFile(folder, 'segments/a.yaml', text, expected).catch(
        (e: unknown) => e,
      )
      assert.ok(error instanceof EtagMismatch)
      return error.details
    }
    const current = { file: 'segments/a.yaml', current: { text: 'name: A\n', etag: etagOf('name: A\n') } }
    assert.deepEqual(await refused('name: C\n', null), current)
    assert.deepEqual(await refused('name: C\n', etagOf('name: B\n')), current)
    assert.deepEqual(await refused(null, etagOf('name: B\n')), current)
    assert.equal(await read('segments/a.yaml'), 'name: A\n')
    await writeWorkspaceFile(folder, 'segments/a.yaml', null, etagOf('name: A\n'))
    assert.deepEqual(await refused('name: C\n', etagOf('name: A\n')), {
      file: 'segments/a.yaml',
      current: null,
    })
  })

  it('lets one of many writers of one text win, and loses no edit', async () => {
    await writeWorkspaceFile(folder, 'traits.yaml', '# 0\n', null)
    const writers = Array.from({ length: 12 }, (_, index) =>
      writeWorkspaceFile(folder, 'traits.yaml', `# ${index + 1}\n`, etagOf('# 0\n')).then(
        () => `# ${index + 1}\n`,
        () => undefined,
      ),
    )
    const winners = (await Promise.all(writers)).filter((text) => text !== undefined)
    assert.deepEqual(winners, [await read('traits.yaml')])
  })

  it('takes names of a workspace only', async () => {
    const names = [
      '../x.yaml',
      'x.yaml',
      'sources/../tributary.yaml',
      'sources/.x.yaml',
      'sources/a/b.yaml',
      'sources/x.yml',
      'sources/x\u0000.yaml',
      'sources/x\n.yaml',
      `sources/${'x'.repeat(300)}.yaml`,
      `segments/x${'é'.repeat(120)}.yaml`,
    ]
    for (const name of names) {
      await assert.rejects(
        writeWorkspaceFile(folder, name, 'a: 1\n', null),
        { name: 'FileNameInvalid' },
        name,
      )
    }
    await assert.rejects(writeWorkspaceFile(folder, 'traits.yaml', '#'.repeat(262_145), null), {
      name: 'FileTooLarge',
    })
    assert.deepEqual(await readdir(folder), [])
  })

  it('follows no link out of the workspace', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'tributary-outside-'))
    try {
      await writeFile(join(outside, 'secret.yaml'), 'a: 1\n')
      await symlink(outside, join(folder, 'segments'))
      await mkdir(join(folder, 'sources'))
      await symlink(join(outside, 'secret.yaml'), join(folder, 'sources', 'shop.yaml'))
      for (const name of ['segments/secret.yaml', 'sources/shop.yaml']) {
        await assert.rejects(
          writeWorkspaceFile(folder, name, 'b: 1\n', etagOf('a: 1\n')),
          /leaves the workspace/,
        )
      }
      assert.equal(await readFile(join(outside, 'secret.yaml'), 'utf8'), 'a: 1\n')
    } finally {
      await rm(outside, { recursive: true, force: true })
    }
  })
})
