/** The workspace that the page is measured with: as much of each kind as people who use it daily have. */
import type { SegmentFile } from '@tributary/schemas'
import { BENCH_SEGMENTS } from '../benchmarks/segment-definitions.js'
import { IDENTITY, TRAITS } from './people-data.js'
import { EVENT_NAMES } from './people-events.js'

/** The activation that the page shows. */
export const ACTIVATION = 'silver-mail'
/** The segment that the page shows. */
export const SEGMENT = 'regular'

/** Segments that are opened in the builder, by what is edited there. */
export const EDITED = {
  trait: { name: 'By trait', who: { trait: 'city', eq: 'city-1' } },
  count: { name: 'By count', who: { performed: 'Page Viewed', times: { gte: 3 }, within: '90d' } },
  sum: {
    name: 'By sum',
    who: { performed: 'Item Purchased', aggregate: { sum: 'amount' }, gt: 250, within: '90d' },
  },
  sequence: {
    name: 'By sequence',
    who: { sequence: [{ performed: 'Product Viewed' }, { performed: 'Product Added' }], within: '7d' },
  },
  several: {
    name: 'By several',
    who: {
      all: [
        { trait: 'tier', eq: 'gold' },
        { performed: 'Page Viewed', times: { gte: 2 }, within: '180d' },
        { not: { performed: 'Item Purchased', within: '60d' } },
      ],
    },
  },
} as const satisfies Readonly<Record<string, SegmentFile>>

const EVERY_OTHER = BENCH_SEGMENTS.filter(({ id }, index) => id === SEGMENT || index % 2 === 0)

/** Texts by path: JSON is YAML. */
export const PAGE_FILES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({
    'tributary.yaml': { workspace: 'bench', time_zone: 'UTC', refresh: 'manual' },
    'identity.yaml': IDENTITY,
    'traits.yaml': { ...TRAITS, traits: { ...TRAITS.traits, name: { rule: 'latest' } } },
    // What really ran is mapped to nobody: no round of the worker's takes the people apart.
    'sources/exports.yaml': fileSource('shops'),
    'sources/shop.yaml': fileSource('visits'),
    'mappings/bench.yaml': {
      stream: 'shop.visits',
      identifiers: { customer_id: 'customer', email: 'email' },
      traits: { city: 'city', tier: 'tier', name: 'name' },
      events: EVENT_NAMES.map((name) => ({
        name,
        message_id: ['id'],
        timestamp: 'at',
        properties: { amount: 'amount', category: 'category', channel: 'channel' },
      })),
    },
    'destinations/mailer.yaml': {
      connector: 'destination-files',
      config: { location: { folder: 'out' } },
    },
    [`activations/${ACTIVATION}.yaml`]: {
      segment: 'edit-trait',
      destination: 'mailer',
      object: 'file',
      mode: 'mirror',
      match: { customer: 'identifiers.customer_id' },
      fields: { name: 'traits.name', tier: 'traits.tier' },
      trigger: 'manual',
    },
    ...Object.fromEntries(EVERY_OTHER.map(({ id, definition }) => [`segments/${id}.yaml`, definition])),
    ...Object.fromEntries(
      Object.entries(EDITED).map(([kind, definition]) => [`segments/edit-${kind}.yaml`, definition]),
    ),
  }).map(([path, value]) => [path, JSON.stringify(value, null, 2)]),
)

function fileSource(stream: string) {
  return {
    connector: 'source-files',
    config: {
      location: { folder: 'exports' },
      streams: [{ name: stream, glob: `${stream}.ndjson`, format: 'ndjson' }],
    },
    schedule: 'manual',
    streams: [
      {
        name: stream,
        sync_mode: 'full_refresh',
        destination_sync_mode: 'overwrite',
        primary_key: ['id'],
      },
    ],
  }
}
