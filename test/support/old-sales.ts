/** A workspace whose till brought a sale today and one more than a year ago, with a reject and an entry of the log from then. */
import { loadIdAt } from '../../warehouse/ledger/ids.js'
import { acceptLoad, openPosition, registerLoad } from '../../warehouse/ledger/ledger.js'
import type { TestStack } from './stack.js'

const KEY = { source: 'till', stream: 'sales' }
const ORIGIN = { revision: 'test', runId: 'test' }
const OLD_MS = 400 * 86_400_000

/** Text of tributary.yaml. @param retention a line of it, or nothing */
export const settings = (retention: string): string => `workspace: keeping
time_zone: UTC
refresh: manual
${retention}`

export const SALES_FILES = {
  'tributary.yaml': settings(''),
  'sources/till.yaml': `connector: source-files
config:
  location: { folder: ./data }
  streams: [{ name: sales, glob: "*.ndjson" }]
schedule: manual
streams:
  - { name: sales, sync_mode: incremental, destination_sync_mode: append, primary_key: [id] }
`,
  'identity.yaml': 'identifiers: { email: { normalize: email } }\n',
  'mappings/sales.yaml': `stream: till.sales
identifiers: { email: email }
events: [{ name: Bought, properties: { total: total } }]
`,
  'segments/buyers.yaml': 'name: Buyers\nwho: { performed: Bought, times: { gte: 1 } }\n',
  'data/one.ndjson': '{"id":1,"email":"new@x.org","total":5}\n',
}

/** What a sync, a reject and a change of 400 days ago left. Call it after the first sync. */
export async function leaveOldSales({ context }: TestStack): Promise<void> {
  const warehouse = await context.warehouse()
  const day = new Date(Date.now() - OLD_MS)
  const opened = await openPosition(warehouse, { ...KEY, lane: 'live', keyed: false, newGeneration: false })
  const { position, state = '', cursor = '' } = opened
  const loadId = loadIdAt(day.getTime())
  await registerLoad(warehouse, KEY, position, loadId, ORIGIN)
  const sale = { id: 100, email: 'old@x.org', total: 9, _extracted_at: day.toISOString() }
  const at = day.toISOString().replace('T', ' ').replace('Z', '')
  const rows = {
    'till.sales__rows': { ...sale, _load_id: loadId, _generation: position.generation },
    'tributary.rejects': { ...KEY, load_id: loadId, reason: 'old', raw: '{}', at },
    'tributary.audit': { actor: 'ann', action: 'apply', subject: 'drafts', detail: '', at },
  }
  for (const [table, row] of Object.entries(rows)) {
    await warehouse.insert({
      table,
      values: [row],
      columns: Object.keys(row) as [string, ...string[]],
      format: 'JSONEachRow',
      clickhouse_settings: { date_time_input_format: 'best_effort' },
    })
  }
  const ended = { loadId, sequence: position.sequence + 1, rows: 1, bytes: 1, rejects: 0, state, cursor }
  await acceptLoad(warehouse, KEY, position, ended, ORIGIN)
}
