/** What the workspace of the builder's test holds beside its customers. */

/** Traits of every kind, and events with properties of every kind. */
export const FILES: Readonly<Record<string, string>> = {
  'sources/till.yaml': `connector: source-files
config: { location: { folder: data }, streams: [{ name: orders, glob: "orders.ndjson", format: ndjson }] }
schedule: manual
streams:
  - { name: orders, sync_mode: full_refresh, destination_sync_mode: overwrite, primary_key: [id] }
`,
  'mappings/orders.yaml': `stream: till.orders
identifiers: { customer_id: customer }
events:
  - { name: Order Completed, message_id: [id], timestamp: at, properties: { total: total, channel: channel, gift: gift } }
  - { name: Cart Updated, message_id: [id], timestamp: at, properties: { total: total } }
traits: { spent: total, joined: at, member: gift, tags: tags }
`,
}
/** Rows of the file of the till. */
export const ORDERS = Array.from({ length: 8 }, (_, index) => ({
  id: index + 1,
  customer: index + 1,
  at: `2026-01-0${index + 1}T10:00:00Z`,
  total: 10 * (index + 1),
  channel: index % 2 === 0 ? 'store' : 'web',
  gift: index % 2 === 0,
  tags: ['wine', 'cheese'],
}))
