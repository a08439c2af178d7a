import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { listConnectors } from './list-connectors.js'
import { loadAnyConnector, loadConnector, loadDestination } from './load-connector.js'
import { loadSchema } from './load-schema.js'

const DESTINATION = 'export default { spec: { type: "object" }, async check() {}, objects: [] }\n'
const SOURCE = 'export default { spec: { type: "object" }, async check() {}, streams: [] }\n'

describe('connectors on disk', () => {
  let workspace: string
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(workspace, path)), { recursive: true })
    await writeFile(join(workspace, path), text)
  }
  const connector = async (
    folder: string,
    file: object,
    code: string | undefined = SOURCE,
  ): Promise<void> => {
    await write(`${folder}/package.json`, JSON.stringify({ type: 'module', version: '1.2.3', ...file }))
    if (code !== undefined) await write(`${folder}/index.js`, code)
  }
  const tributary = { kind: 'source', title: 'Shop' }

  before(async () => {
    workspace = await mkdtemp(join(tmpdir(), 'tributary-connectors-'))
    await connector('node_modules/source-shop', {
      name: 'source-shop',
      tributary,
      exports: { '.': './index.js' },
    })
    await connector('node_modules/@tributary/source-mail', {
      name: '@tributary/source-mail',
      tributary: { ...tributary, title: 'Mail', status: 'beta', icon: './icon.svg', docs: './README.md' },
      description: 'Reads mail',
      exports: { '.': { types: './index.d.ts', default: './index.js' } },
    })
    await connector(
      'node_modules/destination-crm',
      { name: 'destination-crm', tributary: { kind: 'destination', triedOnLiveAccount: false } },
      DESTINATION,
    )
    await connector(
      'node_modules/@tributary/destination-ads',
      { name: '@tributary/destination-ads', tributary: { kind: 'destination', title: 'Ads' } },
      SOURCE,
    )
    await connector('node_modules/lodash', { name: 'lodash' })
    await connector('mine/source-own', { name: 'source-own', tributary, main: 'index.js' })
    await connector('mine/source-crash', { name: 'source-crash', tributary }, 'throw new Error("no")\n')
    await connector('mine/source-none', { name: 'source-none', tributary }, 'export const a = 1\n')
    await connector('mine/source-unbuilt', { name: 'source-unbuilt', tributary, exports: './dist/index.js' })
    await write('mine/source-own/schemas/a.json', '{"type":"object","properties":{}}')
    await write('mine/broken/package.json', '{')
    await mkdir(join(workspace, 'below/further'), { recursive: true })
  })
  after(() => rm(workspace, { recursive: true }))

  const found: [string, string, string, string][] = [
    ['source-shop', '.', 'source-shop', 'node_modules/source-shop'],
    ['source-shop', 'below/further', 'source-shop', 'node_modules/source-shop'],
    ['source-mail', '.', '@tributary/source-mail', 'node_modules/@tributary/source-mail'],
    ['@tributary/source-mail', '.', '@tributary/source-mail', 'node_modules/@tributary/source-mail'],
    ['./mine/source-own', '.', 'source-own', 'mine/source-own'],
    ['../../mine/source-own', 'below/further', 'source-own', 'mine/source-own'],
  ]
  for (const [reference, from, name, folder] of found) {
    it(`loads ${reference} from ${from}`, async () => {
      const { source, ...rest } = await loadConnector(reference, join(workspace, from))
      const title = name.endsWith('mail') ? 'Mail' : 'Shop'
      assert.deepEqual(rest, { name, version: '1.2.3', title, directory: join(workspace, folder) })
      assert.deepEqual(source.spec, { type: 'object' })
    })
  }

  const refused: [string, string, RegExp][] = [
    ['source-shp', 'ConfigInvalid', /no such package, did you mean source-shop\?; .*npm install/],
    ['source-mial', 'ConfigInvalid', /did you mean source-mail\?/],
    ['nothing-of-the-kind', 'ConfigInvalid', /there is no such package; /],
    ['lodash', 'ConfigInvalid', /no tributary field/],
    ['destination-crm', 'ConfigInvalid', /it is a destination, not a source/],
    ['./mine/none', 'ConfigInvalid', /no package\.json in .*; correct the path/],
    ['./mine/broken', 'ConfigInvalid', /no tributary field/],
    ['./mine/source-unbuilt', 'ConfigInvalid', /dist\/index\.js does not exist; build the connector/],
    ['./mine/source-crash', 'ContractViolation', /fails to load \(no\)/],
    ['./mine/source-none', 'ContractViolation', /no source as default export/],
    ['a/../../b', 'ConfigInvalid', /no such package/],
    ['', 'ConfigInvalid', /no such package/],
  ]
  for (const [reference, kind, message] of refused) {
    it(`refuses ${reference || 'an empty name'}`, () =>
      assert.rejects(loadConnector(reference, workspace), { kind, message }))
  }

  it('loads a destination', async () => {
    const { destination, ...rest } = await loadDestination('destination-crm', workspace)
    assert.deepEqual(rest, {
      name: 'destination-crm',
      version: '1.2.3',
      title: 'destination-crm',
      directory: join(workspace, 'node_modules/destination-crm'),
    })
    assert.deepEqual(destination.objects, [])
  })
  const refusedDestinations: [string, string, RegExp][] = [
    ['destination-crn', 'ConfigInvalid', /no such package, did you mean destination-crm\?/],
    ['source-shop', 'ConfigInvalid', /it is a source, not a destination; use it in sources\//],
    ['destination-ads', 'ContractViolation', /no destination as default export/],
  ]
  for (const [reference, kind, message] of refusedDestinations) {
    it(`refuses ${reference} as a destination`, () =>
      assert.rejects(loadDestination(reference, workspace), { kind, message }))
  }

  it('loads what it is, where either kind will do', async () => {
    const [source, destination] = await Promise.all(
      ['source-shop', 'destination-crm'].map((name) => loadAnyConnector(name, workspace)),
    )
    assert.deepEqual(['source' in source!, 'destination' in destination!], [true, true])
    await assert.rejects(loadAnyConnector('destination-crn', workspace), {
      kind: 'ConfigInvalid',
      message: /did you mean destination-crm\?/,
    })
    await assert.rejects(loadAnyConnector('lodash', workspace), { message: /no tributary field/ })
  })

  it('lists connectors from their package.json alone, by name', () => {
    const modules = join(workspace, 'node_modules')
    assert.deepEqual(listConnectors([modules, join(workspace, 'nowhere'), modules]), [
      {
        name: '@tributary/destination-ads',
        version: '1.2.3',
        kind: 'destination',
        title: 'Ads',
        directory: join(modules, '@tributary/destination-ads'),
        entry: 'index.js',
      },
      {
        name: '@tributary/source-mail',
        version: '1.2.3',
        kind: 'source',
        title: 'Mail',
        description: 'Reads mail',
        status: 'beta',
        icon: './icon.svg',
        docs: './README.md',
        directory: join(modules, '@tributary/source-mail'),
        entry: './index.js',
      },
      {
        name: 'destination-crm',
        version: '1.2.3',
        kind: 'destination',
        title: 'destination-crm',
        triedOnLiveAccount: false,
        directory: join(modules, 'destination-crm'),
        entry: 'index.js',
      },
      {
        name: 'source-shop',
        version: '1.2.3',
        kind: 'source',
        title: 'Shop',
        directory: join(modules, 'source-shop'),
        entry: './index.js',
      },
    ])
  })
  it('reads a schema from the package of a compiled module', () => {
    const module = pathToFileURL(join(workspace, 'mine/source-own/dist/streams/a.js')).href
    assert.deepEqual(loadSchema(module, 'schemas/a.json'), { type: 'object', properties: {} })
    assert.throws(() => loadSchema(module, 'schemas/b.json'), { code: 'ENOENT' })
  })
})
