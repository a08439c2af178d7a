import assert from 'node:assert/strict'
import { Output } from '../output.js'
import type { Picture } from '../progress.js'
import { DemoProgress, pictureWords, together } from './progress.js'

const stream = (name: string, rows: number, status = 'running') => ({
  name,
  status,
  rows,
  bytes: rows * 10,
  rejects: 0,
})
const till: Picture = {
  source: 'till',
  startedAtMs: 1000,
  streams: [
    { ...stream('transactions', 1200), cursor: '2 of 9 files' },
    stream('products', 5, 'waiting'),
    stream('promotions', 30, 'succeeded'),
  ],
}
const shop: Picture = { source: 'shop', startedAtMs: 500, streams: [stream('public.coupons', 7)] }

/** What a progress writes, line by line. */
function recorder(isTTY: boolean): { readonly progress: DemoProgress; lines(): readonly string[] } {
  let text = ''
  const stream = {
    isTTY,
    columns: 100,
    write(part: string) {
      text += part
    },
  }
  const output = new Output(false, stream, stream, { NO_COLOR: '1' })
  return { progress: new DemoProgress(output, 0), lines: () => text.split('\n').slice(0, -1) }
}

describe('pictureWords', () => {
  it('counts what is done and names what is being read', () => {
    assert.equal(
      pictureWords(till),
      'till: 1 of 3 streams done, 1,235 rows, 12.3 kB; reading transactions at 2 of 9 files',
    )
  })
})

describe('together', () => {
  it('gives streams of several sources their whole names, and the earliest start', () => {
    const { source, startedAtMs, streams } = together([till, shop])
    assert.deepEqual(
      { source, startedAtMs, names: streams.map(({ name }) => name) },
      {
        source: 'till, shop',
        startedAtMs: 500,
        names: ['till.transactions', 'till.products', 'till.promotions', 'shop.public.coupons'],
      },
    )
  })

  it('leaves a single source as it is', () => {
    assert.equal(together([till]), till)
  })
})

describe('DemoProgress', () => {
  it('writes plain lines without a terminal, seldom, and none that says nothing new', () => {
    const { progress, lines } = recorder(false)
    progress.step('Syncing', 1500)
    progress.show(shop, 2000)
    progress.show({ ...shop, streams: [stream('public.coupons', 8)] }, 2100)
    progress.show({ ...shop, streams: [stream('public.coupons', 9)] }, 4100)
    progress.show({ ...shop, streams: [stream('public.coupons', 9)] }, 9000)
    progress.show({ ...shop, streams: [] }, 9500)
    progress.finished({ source: 'shop', outcome: 'succeeded', rows: 9, bytes: 90, seconds: 3 })
    assert.deepEqual(lines(), [
      '  1.5 s  Syncing',
      '         shop: 0 of 1 streams done, 7 rows, 70 B; reading public.coupons, 1.5 s',
      '         shop: 0 of 1 streams done, 9 rows, 90 B; reading public.coupons, 3.6 s',
      '         ✓ succeeded  shop: 9 rows, 90 B in 3.0 s (3 rows/s)',
    ])
  })

  it('never counts rows down when a slice is read again', () => {
    const { progress, lines } = recorder(false)
    progress.show(shop, 1000)
    progress.show({ ...shop, streams: [{ ...stream('public.coupons', 3), cursor: 'x' }] }, 4000)
    assert.match(lines().at(-1)!, /7 rows, 30 B; reading public.coupons at x/)
  })

  it('redraws one table of all sources on a terminal', () => {
    const { progress, lines } = recorder(true)
    progress.show(till, 2000)
    progress.show(shop, 2100)
    const drawn = lines().join('\n')
    const last = drawn.slice(drawn.lastIndexOf('\x1b[J') + 3).split('\n')
    assert.deepEqual(
      last.map((line) => line.split(/\s{2,}/)[0]),
      [
        'till, shop: 1 of 4 streams, 1.6 s',
        'stream',
        'till.transactions',
        'till.products',
        'till.promotions',
        'shop.public.coupons',
      ],
    )
  })
})
