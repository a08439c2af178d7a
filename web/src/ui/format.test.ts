import assert from 'node:assert/strict'
import {
  formatBytes,
  formatCount,
  formatCursor,
  formatDate,
  formatDuration,
  formatNumber,
  formatRelative,
  formatShare,
  formatShortTime,
  formatTime,
  toDate,
} from './format.js'

describe('amounts in words', () => {
  it('groups digits and keeps two decimals at most', () => {
    assert.deepEqual([0, 1234567, 0.125, -12345.678].map(formatNumber), [
      '0',
      '1,234,567',
      '0.13',
      '-12,345.68',
    ])
  })

  it('counts one thing in the singular', () => {
    assert.deepEqual(
      [formatCount(1, 'person', 'people'), formatCount(0, 'person', 'people'), formatCount(1200, 'row')],
      ['1 person', '0 people', '1,200 rows'],
    )
  })

  it('says shares in percent', () => {
    assert.equal(formatShare(0.125), '12.5%')
  })

  it('chooses the unit of sizes by powers of 1000', () => {
    assert.deepEqual([0, 999, 1000, 1_500_000, 2e9, 3.25e15].map(formatBytes), [
      '0 B',
      '999 B',
      '1 kB',
      '1.5 MB',
      '2 GB',
      '3.3 PB',
    ])
  })

  it('says lengths of time in two units at most', () => {
    assert.deepEqual([0.05, 3.14, 59.4, 60, 200, 7500, 86_400, 356_400].map(formatDuration), [
      '50 ms',
      '3.1 s',
      '59 s',
      '1 min',
      '3 min 20 s',
      '2 h 5 min',
      '1 d',
      '4 d 3 h',
    ])
  })
})

describe('moments in words', () => {
  const now = new Date('2026-11-29T12:00:00Z')
  const at = (secondsLater: number) => new Date(now.getTime() + secondsLater * 1000)

  it('says how long ago or how soon', () => {
    assert.deepEqual(
      [-3, 8, -45, -200, 7200, -90_000, -40 * 86_400, -800 * 86_400].map((s) => formatRelative(at(s), now)),
      [
        'just now',
        'in a moment',
        '45 seconds ago',
        '3 minutes ago',
        'in 2 hours',
        'yesterday',
        'last month',
        '2 years ago',
      ],
    )
  })

  it('shows the time of the zone that it is asked for', () => {
    assert.deepEqual(
      [
        formatTime(now, 'Europe/Paris'),
        formatTime(now, 'Asia/Kolkata'),
        formatShortTime(now, 'Asia/Kolkata'),
        formatDate(at(-43_201), 'UTC'),
      ],
      ['29 Nov 2026, 13:00:00', '29 Nov 2026, 17:30:00', '29 Nov, 17:30', '28 Nov 2026'],
    )
  })

  it('reads what the API writes, and text without a zone as UTC', () => {
    assert.deepEqual(
      ['2026-11-29T12:00:00Z', '2026-11-29 12:00:00', '2026-11-29T13:00:00+01:00', now.getTime(), now].map(
        (x) => toDate(x).toISOString(),
      ),
      Array.from({ length: 5 }, () => now.toISOString()),
    )
    assert.equal(toDate('2026-11-29').toISOString(), '2026-11-29T00:00:00.000Z')
  })

  it('says how far a stream was read as a moment where it is one, and else as the source has it', () => {
    assert.deepEqual(
      [
        '2026-11-29 23:40:01.440653+00',
        '2026-11-29T23:40:01.000Z',
        '2026-11-29 23:40:01+02:00',
        '2026-11-29 23:40:01',
        '3 of 4 files',
        '2026-11-29',
        '4711',
      ].map((cursor) => formatCursor(cursor, 'Europe/Paris')),
      [
        '30 Nov 2026, 00:40:01',
        '30 Nov 2026, 00:40:01',
        '29 Nov 2026, 22:40:01',
        '29 Nov 2026, 23:40:01',
        '3 of 4 files',
        '2026-11-29',
        '4711',
      ],
    )
  })
})
