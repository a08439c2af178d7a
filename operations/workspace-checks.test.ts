import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { WorkspaceFiles } from '../workspace/files.js'
import { renderProblem } from '../workspace/problem.js'
import { checkWorkspace } from '../workspace/workspace.js'
import { workspaceChecks } from './workspace-checks.js'

const CRM = `export default {
  spec: { type: 'object', additionalProperties: false, properties: { token: { type: 'string', writeOnly: true } } },
  async check() {},
  objects: [{
    name: 'contact', operations: ['upsert'], fields: { email: { type: 'string' }, city: { type: 'string' } },
    matchKeys: [['email']], batch: { records: 100 }, idempotency: 'natural', undo: 'inverse',
    async write() {},
  }],
}
`
const files = (activation: string, token = `\${secret:CRM_TOKEN}`): WorkspaceFiles => ({
  'tributary.yaml': 'workspace: w\n',
  'sources/shop.yaml': `connector: source-files
config: { location: { folder: . }, streams: [{ name: people, glob: "*.csv" }] }
streams: [{ name: people, sync_mode: full_refresh, destination_sync_mode: overwrite }]
`,
  'identity.yaml': 'identifiers: { email: { normalize: email } }\n',
  'mappings/people.yaml': 'stream: shop.people\nidentifiers: { email: email }\ntraits: { city: city }\n',
  'segments/lapsed.yaml': 'name: Lapsed\nwho: { trait: city, eq: Paris }\n',
  'destinations/crm.yaml': `connector: ./destination-crm\nconfig: { token: "${token}" }\n`,
  'activations/winback.yaml': activation,
})
const GOOD = `segment: lapsed
destination: crm
object: contact
mode: upsert
match: { email: identifiers.email }
fields: { city: traits.city }
`

describe('the checks of a workspace', () => {
  let workspaceDir: string
  const problems = async (of: WorkspaceFiles) =>
    (await checkWorkspace(of, workspaceChecks(workspaceDir))).map(renderProblem)

  before(async () => {
    workspaceDir = await mkdtemp(join(tmpdir(), 'tributary-checks-'))
    const folder = join(workspaceDir, 'destination-crm')
    await mkdir(folder)
    const tributary = { kind: 'destination', title: 'CRM' }
    await writeFile(
      join(folder, 'package.json'),
      JSON.stringify({
        name: 'destination-crm',
        type: 'module',
        version: '1.0.0',
        exports: './index.js',
        tributary,
      }),
    )
    await writeFile(join(folder, 'index.js'), CRM)
  })
  after(() => rm(workspaceDir, { recursive: true }))

  const cases: [name: string, files: WorkspaceFiles, expected: string[]][] = [
    ['nothing of an activation that fits', files(GOOD), []],
    [
      'names that nothing bears, where they stand',
      files(GOOD.replace('segment: lapsed', 'segment: lapse').replace('traits.city', 'traits.ctiy')),
      [
        'activations/winback.yaml:1:10 segment: there is no segment lapse; did you mean lapsed?',
        'activations/winback.yaml:6:17 fields.city: nothing makes the trait ctiy; did you mean city?',
      ],
    ],
    [
      'an object that the destination does not have',
      files(GOOD.replace('object: contact', 'object: contcat')),
      ['activations/winback.yaml:3:9 object: crm has no object contcat; did you mean contact?'],
    ],
    [
      'a literal secret of the destination, and nothing of its objects before that is right',
      files(GOOD.replace('object: contact', 'object: contcat'), 'hunter2'),
      [
        `destinations/crm.yaml:2:18 config.token: is a secret and must not stand in a file; run tributary secrets set TOKEN, write \${secret:TOKEN} here, and renew the secret if this file was shared`,
      ],
    ],
    [
      'a connector of the wrong kind',
      { ...files(GOOD), 'destinations/crm.yaml': 'connector: source-files\n' },
      [
        'destinations/crm.yaml:1:12 connector: loading the connector source-files: it is a source, not a destination; use it in sources/',
      ],
    ],
  ]
  for (const [name, of, expected] of cases) {
    it(`say ${name}`, async () => assert.deepEqual(await problems(of), expected))
  }
})
