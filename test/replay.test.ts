/** Recorded histories of real runs replay on the built bundle: a worker of this version can go on with runs of an older one. */
import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import proto from '@temporalio/proto'
import { Worker } from '@temporalio/worker'
import { readWorkflowBundle } from '../runtime/workflow-bundle.js'

const FOLDER = new URL('../../test/histories/', import.meta.url)
const { version } = createRequire(import.meta.url)('@temporalio/worker/package.json') as { version: string }

interface Recorded {
  readonly name: string
  readonly text: string
}

describe('recorded histories', function () {
  this.timeout(120_000)
  let recorded: readonly Recorded[]
  let code: string

  before(async () => {
    const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.json')).sort()
    recorded = await Promise.all(
      names.map(async (name) => ({ name, text: await readFile(new URL(name, FOLDER), 'utf8') })),
    )
    code = await readWorkflowBundle(fileURLToPath(new URL('../workflow-bundle.js', import.meta.url)), version)
  })

  /** Names of the histories that do not replay. */
  async function replay(histories: readonly Recorded[]): Promise<string[]> {
    const failed: string[] = []
    const results = Worker.runReplayHistories(
      { workflowBundle: { code } },
      histories.map(({ name, text }) => ({
        workflowId: name,
        history: proto.temporal.api.history.v1.History.fromObject(JSON.parse(text)),
      })),
    )
    for await (const { workflowId, error } of results)
      if (error) failed.push(`${workflowId}: ${error.message}`)
    return failed
  }

  it('replay', async () => {
    assert.deepEqual(await replay(recorded), [])
  })

  it('cover every workflow of the bundle', async () => {
    const entry = await readFile(new URL('../workflows/index.js', import.meta.url), 'utf8')
    const types = [...entry.matchAll(/export \{ ([^}]+) \}/g)].flatMap((match) => match[1]!.split(', '))
    const covered = new Set(recorded.map(({ name }) => name.split('-')[0]))
    assert.deepEqual(
      types.filter((type) => !covered.has(type)),
      [],
    )
  })

  it('do not replay when a workflow does something else', async () => {
    const { name, text } = recorded.find(({ name }) => name.startsWith('connectorCommand-check'))!
    const changed = { name, text: text.replaceAll('"checkConnector"', '"anotherActivity"') }
    assert.equal((await replay([changed])).length, 1)
  })
})
