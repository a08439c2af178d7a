import assert from 'node:assert/strict'
import fc from 'fast-check'
import { fenceFor, formatBytes, formatCount, runDetails } from './details.js'
import { nextWindow } from './windows.js'

describe('what operators read', () => {
  it('fences a message so that no run of backticks in it ends the fence', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('`', 'a', '\n') }), (message) => {
        const fence = fenceFor(message)
        assert.ok(fence.length >= 3 && !message.includes(fence))
      }),
    )
  })

  it('shows every stream, the failure of one, and what to do about it', () => {
    const text = runDetails({
      source: 'shop',
      startedAtMs: 0,
      nowMs: 2000,
      streams: [
        {
          name: 'orders',
          status: 'succeeded',
          rows: 1200,
          bytes: 4200,
          rejects: 0,
          slices: 1,
          cursor: '2026-01-01',
        },
        {
          name: 'a|b',
          status: 'failed',
          rows: 0,
          bytes: 0,
          rejects: 0,
          slices: 0,
          error: { type: 'CursorLost', message: 'reading: ```the offset``` is gone' },
        },
      ],
    })
    assert.match(text, /\| `orders` \| ✅ succeeded \| 1,200 \| 4\.2 kB \| 0 \| 1 \| `2026-01-01` \|/)
    assert.match(text, /\| `a b` \| ❌ failed/)
    assert.match(
      text,
      /\n````\nreading: ```the offset``` is gone\n````\nNext: `tributary reset shop --stream a\|b`/,
    )
  })

  it('stays small however many streams there are', () => {
    const streams = Array.from({ length: 5000 }, (_, n) => ({
      name: `stream ${n}`,
      status: 'waiting' as const,
      rows: 0,
      bytes: 0,
      rejects: 0,
      slices: 0,
    }))
    assert.ok(runDetails({ source: 'shop', startedAtMs: 0, nowMs: 0, streams }).length < 10_000)
  })

  it('writes counts and sizes as people read them', () => {
    assert.deepEqual(
      [formatCount(0), formatCount(1234567), formatBytes(999), formatBytes(1_500_000)],
      ['0', '1,234,567', '999 B', '1.5 MB'],
    )
  })
})

describe('the windows of a backfill', () => {
  it('cover the stretch once, in order, without a gap', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1000, max: 1000 }),
        fc.integer({ min: 0, max: 1000 }),
        fc.integer({ min: 1, max: 400 }),
        (from, length, step) => {
          const span = { to: String(from + length), step }
          let next = String(from)
          for (let window = nextWindow(next, span); window; window = nextWindow(next, span)) {
            assert.equal(window.from, next)
            assert.ok(BigInt(window.to) > BigInt(window.from))
            next = window.to
          }
          assert.equal(next, span.to)
        },
      ),
    )
  })

  it('end with the stretch where a step would pass it', () => {
    const day = 86_400_000
    assert.deepEqual(nextWindow('2026-01-01T00:00:00.000Z', { to: '2026-01-01T12:00:00Z', step: day }), {
      from: '2026-01-01T00:00:00.000Z',
      to: '2026-01-01T12:00:00Z',
    })
    assert.equal(nextWindow('2026-01-01T12:00:00Z', { to: '2026-01-01T12:00:00Z', step: day }), undefined)
  })
})
