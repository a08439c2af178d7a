import assert from 'node:assert/strict'
import type { Schedule, SourceFile } from '@tributary/schemas'
import fc from 'fast-check'
import { stringify } from 'yaml'
import type { WorkspaceFiles } from './files.js'
import { planRevision } from './plan.js'
import { revisionHash } from './revision.js'

const names = fc.uniqueArray(fc.constantFrom('orders', 'users', 'public.*', 'notes'), { minLength: 1 })
const stream = (name: string) =>
  fc.record(
    {
      name: fc.constant(name),
      sync_mode: fc.constantFrom('full_refresh', 'incremental'),
      destination_sync_mode: fc.constantFrom('append', 'append_dedup'),
      lookback: fc.constantFrom('5m', '1h'),
      where: fc.constant({ field: 'a', eq: 'secret value' }),
    },
    { requiredKeys: ['name', 'sync_mode', 'destination_sync_mode'] },
  )
const schedule: fc.Arbitrary<Schedule> = fc.constantFrom<Schedule[]>(
  'manual',
  { every: '5m' },
  { cron: '0 * * * *', jitter: '3m' },
)
const source = fc.record(
  {
    connector: fc.constantFrom('source-a', './b'),
    config: fc.dictionary(
      fc.constantFrom('host', 'port', 'password'),
      fc.constantFrom('secret value', 'secret other', 5),
    ),
    schedule,
    parallelism: fc.integer({ min: 1, max: 64 }),
    streams: names.chain((list) => fc.tuple(...list.map(stream))),
  },
  { requiredKeys: ['connector', 'streams'] },
) as unknown as fc.Arbitrary<SourceFile>
const contents = fc.record({
  settings: fc.record({ workspace: fc.constant('w'), time_zone: fc.constantFrom('UTC', 'Europe/Paris') }),
  sources: fc.dictionary(fc.constantFrom('shop', 'crm', 'till'), source),
})
type Contents = typeof contents extends fc.Arbitrary<infer Value> ? Value : never

const files = (
  { settings, sources }: Contents,
  render: (value: unknown) => string = stringify,
): WorkspaceFiles =>
  Object.fromEntries([
    ['tributary.yaml', render(settings)],
    ...Object.entries(sources).map(([id, definition]) => [`sources/${id}.yaml`, render(definition)]),
  ])
const reversed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, part]) => [key, reversed(part)]),
  )
}

describe('planRevision', () => {
  it('is empty exactly when both sides mean the same', () => {
    fc.assert(
      fc.property(contents, contents, (before, after) => {
        assert.deepEqual(planRevision(files(before), files(before)), [])
        const isSame = revisionHash(files(before)) === revisionHash(files(after))
        assert.equal(planRevision(files(before), files(after)).length === 0, isSame)
      }),
    )
  })

  it('never shows values of configs and conditions', () => {
    fc.assert(
      fc.property(contents, contents, (before, after) => {
        assert.equal(JSON.stringify(planRevision(files(before), files(after))).includes('secret'), false)
      }),
    )
  })

  it('says each change in words', () => {
    const base = { connector: 'source-a', config: { host: 'a' }, schedule: { every: '15m' } }
    const plain = { name: 't', sync_mode: 'full_refresh', destination_sync_mode: 'append' }
    const before = {
      'tributary.yaml': 'workspace: w\n',
      'sources/gone.yaml': stringify({ ...base, streams: [plain] }),
      'sources/shop.yaml': stringify({
        ...base,
        streams: [plain, { ...plain, name: 'u' }, { ...plain, name: 'v' }],
      }),
    }
    const after = {
      'tributary.yaml': 'workspace: w\ntime_zone: Europe/Paris\n',
      'sources/new.yaml': stringify({ ...base, schedule: { cron: '0 6 * * *' }, streams: [plain] }),
      'sources/shop.yaml': stringify({
        connector: 'source-b',
        config: { host: 'b', password: 'x' },
        parallelism: 2,
        streams: [
          { ...plain, name: 'v' },
          { ...plain, sync_mode: 'incremental', cursor_field: 'c', where: { field: 'a', exists: true } },
          { ...plain, name: 'n' },
        ],
      }),
    }
    assert.deepEqual(
      planRevision(before, after).map(({ kind, message }) => `${kind}: ${message}`),
      [
        'workspace_changed: workspace: time_zone default → Europe/Paris',
        'source_removed: remove source gone; its tables stay',
        'source_added: add source new: source-a, 1 stream entry, at 0 6 * * * (Europe/Paris)',
        'config_changed: shop: config changed (host, password)',
        'connector_changed: shop: connector source-a → source-b',
        'parallelism_changed: shop: parallelism default → 2',
        'schedule_changed: shop: schedule every 15m → by hand',
        'stream_removed: shop, stream u: remove; its table stays',
        'stream_changed: shop, stream t: cursor_field default → c, sync_mode full_refresh → incremental, where changed',
        'stream_added: shop, stream n: add, full_refresh to append',
        'streams_reordered: shop: order of streams changed; the first entry that matches a stream wins',
      ],
    )
  })
})

describe('revisionHash', () => {
  it('does not depend on the order of keys, line ends, comments or notation', () => {
    fc.assert(
      fc.property(contents, (value) => {
        const hash = revisionHash(files(value))
        const others = [
          (part: unknown) => stringify(reversed(part)),
          (part: unknown) => stringify(part).replaceAll('\n', '\r\n'),
          (part: unknown) => `# a comment\n${stringify(part)}\n\n`,
          (part: unknown) => JSON.stringify(part),
        ]
        for (const render of others) assert.equal(revisionHash(files(value, render)), hash)
      }),
    )
  })
})
