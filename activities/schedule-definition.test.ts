import assert from 'node:assert/strict'
import type { Schedule, SourceFile } from '@tributary/schemas'
import type { Workspace } from '../workspace/workspace.js'
import { scheduleDefinition } from './schedule-definition.js'

const workspace: Workspace = {
  name: 'w',
  timeZone: 'Europe/Paris',
  settings: { workspace: 'w' },
  sources: [],
  mappings: [],
  traits: {},
  segments: [],
  destinations: [],
  activations: [],
}
const file: SourceFile = {
  connector: 'source-x',
  streams: [{ name: 't', sync_mode: 'full_refresh', destination_sync_mode: 'append' }],
}
const define = (extra: Partial<SourceFile>, from = workspace) =>
  scheduleDefinition(from, { id: 'shop', definition: { ...file, ...extra } })

describe('scheduleDefinition', () => {
  const cases: [Schedule, object, number][] = [
    ['manual', {}, 3_600_000],
    [{ every: '15m' }, { intervals: [{ every: 900_000, offset: 0 }], jitter: 45_000 }, 900_000],
    [
      { every: '1d', offset: '2h' },
      { intervals: [{ every: 86_400_000, offset: 7_200_000 }], jitter: 300_000 },
      3_600_000,
    ],
    [{ every: '10s' }, { intervals: [{ every: 10_000, offset: 0 }], jitter: 0 }, 10_000],
    [
      { cron: '0 * * * *', jitter: '3m', catchup_window: '2h' },
      { cronExpressions: ['0 * * * *'], timezone: 'Europe/Paris', jitter: 180_000 },
      7_200_000,
    ],
    [
      { cron: '*/10 * * * *', time_zone: 'UTC' },
      { cronExpressions: ['*/10 * * * *'], timezone: 'UTC', jitter: 30_000 },
      600_000,
    ],
  ]
  for (const [schedule, spec, catchupWindow] of cases) {
    it(`turns ${JSON.stringify(schedule)} into Temporal's terms`, () => {
      const { options } = define({ schedule })
      assert.deepEqual([options.spec, options.policies?.catchupWindow], [spec, catchupWindow])
    })
  }

  it('differs with what the schedule shows or does, and not with streams or config', () => {
    const { hash } = define({ schedule: { every: '1h' } })
    const same = define({ schedule: { every: '1h' }, config: { host: 'x' }, parallelism: 9 })
    const others = [
      define({ schedule: { every: '2h' } }),
      define({ schedule: { every: '1h' }, connector: 'source-y' }),
      define({ schedule: { every: '1h' } }, { ...workspace, name: 'v' }),
    ]
    assert.equal(same.hash, hash)
    assert.equal(new Set([hash, ...others.map((other) => other.hash)]).size, 4)
  })

  it('cuts the summary at 200 bytes, between characters', () => {
    const { options } = define({ connector: `./connectors/source-${'é'.repeat(150)}` })
    const summary = options.action.staticSummary ?? ''
    assert.equal(Buffer.byteLength(summary) <= 200, true)
    assert.match(summary, /^source-é+…$/)
  })
})
