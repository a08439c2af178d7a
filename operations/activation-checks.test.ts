import { deepEqual } from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openWorkspace } from '../workspace/workspace.js'
import { activationProblems } from './activation-checks.js'

const FILES = {
  'tributary.yaml': 'workspace: w\ntime_zone: UTC\n',
  'identity.yaml': 'identifiers: { email: {} }\n',
  'segments/lapsed.yaml': 'name: Lapsed\nwho: { trait: city, eq: Paris }\n',
  'destinations/hook.yaml': `connector: destination-webhook\nconfig: { url: "https://a.example", secret: "\${secret:HOOK}" }\n`,
}

describe('checks of activations', () => {
  let workspaceDir: string
  before(async () => {
    workspaceDir = await mkdtemp(join(tmpdir(), 'tributary-checks-'))
  })
  after(() => rm(workspaceDir, { recursive: true, force: true }))

  const problems = async (activation: string) => {
    const workspace = openWorkspace({ ...FILES, 'activations/winback.yaml': activation })
    return (await activationProblems(workspace, workspaceDir)).map(
      ({ path, message, remedy }) => `${path.join('.')}: ${message}; ${remedy}`,
    )
  }
  const activation = (object: string, mode: string) =>
    `segment: lapsed\ndestination: hook\nobject: ${object}\nmode: ${mode}\nmatch: { email: identifiers.email }\n`

  it('know the objects of a webhook from its file, without asking it', async () => {
    deepEqual(await problems(activation('records', 'mirror')), [])
    deepEqual(await problems(activation('record', 'mirror')), [
      'object: hook has no object record; did you mean records?',
    ])
  })
})
