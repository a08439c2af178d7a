/** Sources of the tests: files, and a connector that waits at a gate, so that a run is as slow as a test needs. */

/** A source that reads the CSV files of a folder. */
export function filesSource(folder: string): string {
  return `connector: source-files
config:
  location: { folder: ./${folder} }
  streams: [{ name: orders, glob: "*.csv", primary_key: [id] }]
schedule: manual
streams:
  - { name: orders, sync_mode: incremental, destination_sync_mode: append_dedup, primary_key: [id] }
`
}

/** Its streams end when a file named like the stream appears in the folder. */
export function gateSource(folder: string): string {
  return `connector: ./connectors/source-gate
config: { folder: ./${folder} }
schedule: manual
streams:
  - { name: "*", sync_mode: full_refresh, destination_sync_mode: overwrite }
`
}

export const GATE_CONNECTOR = {
  'connectors/source-gate/package.json': JSON.stringify({
    name: 'source-gate',
    version: '1.0.0',
    type: 'module',
    exports: './index.js',
    tributary: { kind: 'source', title: 'Gate' },
  }),
  'connectors/source-gate/index.js': `import { access } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
const schema = { type: 'object', required: ['id'], properties: { id: { type: 'integer' } } }
const stream = (name) => ({
  name,
  schema,
  async *read({ resolvePath, config, signal }) {
    yield { type: 'records', records: [{ id: 1 }] }
    yield { type: 'checkpoint', state: { at: 1 }, cursor: 'one' }
    const open = () => access(resolvePath(config.folder + '/' + name)).then(() => true, () => false)
    while (!(await open())) await sleep(20, undefined, { signal })
    yield { type: 'records', records: [{ id: 2 }] }
    yield { type: 'checkpoint', state: { at: 2 }, cursor: 'two' }
  },
})
export default {
  spec: { type: 'object', required: ['folder'], additionalProperties: false, properties: { folder: { type: 'string' } } },
  async check() {},
  streams: [stream('left'), stream('right')],
}
`,
} as const
