import assert from 'node:assert/strict'
import fc from 'fast-check'
import { type CalendarPeriod, crossed, inSpan, type Span, type WindowSpec, windowAt } from './window.js'

const NOW = new Date('2026-05-13T10:00:00.000Z')
const text = ({ from, to }: Span) => [from?.toISOString() ?? null, to.toISOString()]

describe('windows', () => {
  const cases: readonly [spec: WindowSpec, zone: string, from: string | null, to: string][] = [
    [{}, 'UTC', null, '2026-05-13T10:00:00.000Z'],
    [{ within: '1d' }, 'UTC', '2026-05-12T10:00:00.000Z', '2026-05-13T10:00:00.000Z'],
    [{ within: '9999999999y' }, 'UTC', null, '2026-05-13T10:00:00.000Z'],
    [{ between: { from: '3d', to: '1d' } }, 'UTC', '2026-05-10T10:00:00.000Z', '2026-05-12T10:00:00.000Z'],
    [{ between: { from: '1d', to: '3d' } }, 'UTC', '2026-05-10T10:00:00.000Z', '2026-05-10T10:00:00.000Z'],
    [{ since: '2026-05-01' }, 'Europe/Paris', '2026-04-30T22:00:00.000Z', '2026-05-13T10:00:00.000Z'],
    [{ since: '2027-01-01' }, 'UTC', '2026-05-13T10:00:00.000Z', '2026-05-13T10:00:00.000Z'],
    [{ until: '2026-05-01' }, 'Europe/Paris', null, '2026-05-01T22:00:00.000Z'],
    [{ until: '2026-05-01T12:00' }, 'Europe/Paris', null, '2026-05-01T10:00:00.000Z'],
    [{ until: '2027-01-01' }, 'UTC', null, '2026-05-13T10:00:00.000Z'],
    [
      { since: '2026-05-01', until: '2026-05-01' },
      'UTC',
      '2026-05-01T00:00:00.000Z',
      '2026-05-02T00:00:00.000Z',
    ],
    [{ calendar: 'today' }, 'Asia/Tokyo', '2026-05-12T15:00:00.000Z', '2026-05-13T10:00:00.000Z'],
    [{ calendar: 'yesterday' }, 'Asia/Tokyo', '2026-05-11T15:00:00.000Z', '2026-05-12T15:00:00.000Z'],
    [{ calendar: 'this_week' }, 'UTC', '2026-05-11T00:00:00.000Z', '2026-05-13T10:00:00.000Z'],
    [{ calendar: 'last_week' }, 'UTC', '2026-05-04T00:00:00.000Z', '2026-05-11T00:00:00.000Z'],
    [{ calendar: 'this_month' }, 'UTC', '2026-05-01T00:00:00.000Z', '2026-05-13T10:00:00.000Z'],
    [{ calendar: 'last_month' }, 'Europe/Paris', '2026-03-31T22:00:00.000Z', '2026-04-30T22:00:00.000Z'],
    [{ calendar: 'this_quarter' }, 'UTC', '2026-04-01T00:00:00.000Z', '2026-05-13T10:00:00.000Z'],
    [{ calendar: 'last_quarter' }, 'Europe/Paris', '2025-12-31T23:00:00.000Z', '2026-03-31T22:00:00.000Z'],
    [{ calendar: 'this_year' }, 'UTC', '2026-01-01T00:00:00.000Z', '2026-05-13T10:00:00.000Z'],
    [{ calendar: 'last_year' }, 'UTC', '2025-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z'],
  ]
  for (const [spec, zone, from, to] of cases) {
    it(`reads ${JSON.stringify(spec)} of ${zone}`, () => {
      assert.deepEqual(text(windowAt(spec, NOW, zone)), [from, to])
    })
  }

  it('begins a Monday week on the Monday before a Sunday', () => {
    const sunday = new Date('2026-05-17T12:00:00.000Z')
    assert.deepEqual(text(windowAt({ calendar: 'this_week' }, sunday, 'UTC')), [
      '2026-05-11T00:00:00.000Z',
      '2026-05-17T12:00:00.000Z',
    ])
  })

  it('refuses an unknown zone and an unreadable duration', () => {
    assert.throws(() => windowAt({ calendar: 'today' }, NOW, 'Mars/Olympus'), RangeError)
    assert.throws(() => windowAt({ within: 'soon' }, NOW, 'UTC'), RangeError)
  })
})

describe('time that passes', () => {
  const DAY = 86_400_000
  const instant = fc
    .integer({ min: Date.UTC(2026, 2, 20), max: Date.UTC(2026, 3, 10) })
    .map((time) => new Date(time - (time % 3_600_000)))
  const duration = fc.constantFrom('0s', '1h', '1d', '3d', '20d', '1y')
  const moment = fc.constantFrom(
    '2026-03-22',
    '2026-03-29',
    '2026-03-29T02:30',
    '2026-04-01T00:00Z',
    '2030-01-01',
  )
  const calendar = fc.constantFrom<CalendarPeriod>(
    'today',
    'yesterday',
    'this_week',
    'last_week',
    'this_month',
    'last_month',
    'this_quarter',
    'last_quarter',
    'this_year',
    'last_year',
  )
  const spec: fc.Arbitrary<WindowSpec> = fc.oneof(
    fc.constant({}),
    fc.record({ within: duration }),
    fc.record({ between: fc.record({ from: duration, to: duration }) }),
    fc.record({ since: moment, until: moment }, { requiredKeys: [] }),
    fc.record({ calendar }),
  )
  const zone = fc.constantFrom('UTC', 'Europe/Paris', 'Australia/Lord_Howe')

  it('changes exactly the events in the crossed spans', () => {
    const offset = fc.integer({ min: -30 * 24, max: 24 }).map((hours) => hours * 3_600_000)
    const shift = fc.constantFrom(-1, 0, 1)
    fc.assert(
      fc.property(spec, zone, instant, instant, offset, shift, (window, place, before, after, far, near) => {
        const spans = crossed(window, place, before, after)
        const edges = [before, after].flatMap((now) => {
          const { from, to } = windowAt(window, now, place)
          return [from ?? to, to]
        })
        for (const base of [...edges, new Date(after.getTime() + far)]) {
          const event = new Date(base.getTime() + near)
          const changes =
            inSpan(windowAt(window, before, place), event) !== inSpan(windowAt(window, after, place), event)
          assert.equal(
            spans.some((span) => inSpan(span, event)),
            changes,
          )
        }
        assert.ok(spans.every(({ from, to }) => from !== null && from < to))
      }),
      { numRuns: 1000 },
    )
  })

  it('names nothing where nothing moves', () => {
    const later = new Date(NOW.getTime() + DAY)
    assert.deepEqual(crossed({ until: '2026-01-01' }, 'UTC', NOW, later), [])
    assert.deepEqual(crossed({ calendar: 'last_month' }, 'UTC', NOW, later), [])
    assert.deepEqual(crossed({ within: '1d' }, 'UTC', NOW, NOW), [])
  })

  it('names what enters and what leaves a window', () => {
    assert.deepEqual(crossed({ within: '2d' }, 'UTC', NOW, new Date(NOW.getTime() + DAY)).map(text), [
      ['2026-05-11T10:00:00.000Z', '2026-05-12T10:00:00.000Z'],
      ['2026-05-13T10:00:00.000Z', '2026-05-14T10:00:00.000Z'],
    ])
  })
})
