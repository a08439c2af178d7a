import assert from 'node:assert/strict'
import { Output, type OutputStream } from './output.js'
import { LiveProgress, progressLines, type StreamLine } from './progress.js'

const plain = (_style: unknown, text: string) => text
const line = (name: string, status: string, rows = 0): StreamLine => ({
  name,
  status,
  rows,
  bytes: rows * 10,
  rejects: 0,
})

class Captured implements OutputStream {
  text = ''
  constructor(readonly isTTY: boolean) {}
  write(text: string): void {
    this.text += text
  }
}

describe('live progress', () => {
  const startedAtMs = Date.parse('2026-11-24T18:00:00Z')
  const rate = { rows: 200, bytes: 2000 }
  const retry = {
    failed: 2,
    of: 8,
    type: 'NetworkError',
    message: 'connecting to db:5432: refused; check the port',
  }

  it('shows each stream with rate, lag and the end of a rate limit', () => {
    const streams: StreamLine[] = [
      {
        ...line('orders', 'running', 2000),
        cursor: '2026-11-24 17:59:10',
        rejects: 3,
        remaining: { rows: 18_000 },
      },
      { ...line('items', 'sleeping'), resumeAt: '2026-11-24T18:05:00.000Z' },
      line('colours', 'succeeded', 4),
    ]
    assert.deepEqual(
      progressLines({ source: 'shop', startedAtMs, streams }, startedAtMs + 10_000, () => rate, plain),
      [
        'shop: 1 of 3 streams, 10.0 s',
        'stream   status                      rows  rows/s         ETA    bytes  rejects    lag  cursor',
        'orders   ▸ running                  2,000     200  1 min 30 s  20.0 kB        3  1 min  2026-11-24 17:59:10',
        'items    z sleeping until 18:05:00      0                          0 B',
        'colours  ✓ succeeded                    4                         40 B',
      ],
    )
  })

  it('keeps what runs in sight where there are many streams', () => {
    const streams = [
      ...Array.from({ length: 30 }, (_, index) => line(`s${index}`, 'succeeded')),
      line('open', 'running'),
    ]
    const lines = progressLines({ source: 'shop', startedAtMs, streams }, startedAtMs, () => rate, plain)
    assert.deepEqual([lines.length, lines[2]?.split(' ')[0], lines.at(-1)], [23, 'open', '… and 11 more'])
  })

  it('says what is tried again, how often, why, when, and how to end it', () => {
    const picture = {
      source: 'shop',
      startedAtMs,
      streams: [{ ...line('orders', 'running'), retry: { ...retry, nextAt: '2026-11-24T18:05:00.000Z' } }],
      retry: { failed: 1, type: 'Timeout', message: 'nothing came' },
    }
    assert.deepEqual(progressLines(picture, startedAtMs, () => rate, plain).slice(3), [
      'shop: attempt 1 failed, Timeout: nothing came; tried again now',
      'orders: attempt 2 of 8 failed, NetworkError: connecting to db:5432: refused; check the port; next 18:05:00 UTC',
      'it goes on by itself once this is mended; to give up: tributary cancel shop',
    ])
  })

  it('tells each failed attempt once where nothing can be redrawn', () => {
    const stderr = new Captured(false)
    const live = new LiveProgress(new Output(true, new Captured(false), stderr, {}))
    for (const failed of [1, 1, 2, 2])
      live.show({ source: 'shop', startedAtMs, streams: [], retry: { ...retry, failed } })
    assert.equal(
      stderr.text,
      [1, 2]
        .map(
          (failed) =>
            `shop: attempt ${failed} of 8 failed, NetworkError: connecting to db:5432: refused; check the port; tried again now\n`,
        )
        .join(''),
    )
  })

  it('measures between heartbeats and slices, and never less than nothing', () => {
    const stderr = new Captured(true)
    const live = new LiveProgress(new Output(true, new Captured(false), stderr, { NO_COLOR: '1' }))
    for (const [rows, seconds] of [
      [1000, 10],
      [3000, 20],
      [3000, 21],
      [500, 22],
    ] as const)
      live.show(
        { source: 'shop', startedAtMs, streams: [line('orders', 'running', rows)] },
        startedAtMs + seconds * 1000,
      )
    const rates = [...stderr.text.matchAll(/▸ running +[\d,]+ +(\d+)/g)].map(([, perSecond]) =>
      Number(perSecond),
    )
    assert.deepEqual(rates, [100, 200, 200, 200])
  })

  it('redraws in place on a terminal, and is silent elsewhere', () => {
    const picture = { source: 'shop', startedAtMs, streams: [line('orders', 'running', 1)] }
    for (const isTTY of [true, false]) {
      const stderr = new Captured(isTTY)
      const live = new LiveProgress(new Output(true, new Captured(false), stderr, {}))
      live.show(picture, startedAtMs + 1000)
      live.show(picture, startedAtMs + 2000)
      live.clear()
      live.clear()
      assert.equal(stderr.text.split('\x1b[3A\r\x1b[J').length, isTTY ? 3 : 1)
    }
  })
})
