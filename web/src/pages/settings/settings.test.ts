import assert from 'node:assert/strict'
import fc from 'fast-check'
import { sayAction, sayDetail } from './audit-words.js'
import { lengthText, lengthWords, parseLength } from './durations.js'
import { readRetention, shortened, writeRetention } from './retention-file.js'
import { tokenStatus } from './token-status.js'

const FILE = `# The grocer's workspace.
workspace: grocer
time_zone: Europe/Paris # calendar windows
retention: { raw: 2y, rejects: 90d, audit: 2y }
warehouse: { cluster: null }
`

describe('how long data is kept', () => {
  it('is read from the file and written into it without touching anything else', () => {
    assert.deepEqual(readRetention(FILE), { raw: '2y', rejects: '90d', audit: '2y' })
    assert.equal(writeRetention(FILE, readRetention(FILE)), FILE)
    assert.equal(
      writeRetention(FILE, { raw: '1y', audit: '2y' }),
      FILE.replace('{ raw: 2y, rejects: 90d, audit: 2y }', '{ raw: 1y, audit: 2y }'),
    )
  })

  it('is written into a file that says nothing of it yet', () => {
    for (const text of ['workspace: grocer\n', 'workspace: grocer\nretention:\n']) {
      assert.deepEqual(readRetention(text), {})
      assert.equal(writeRetention(text, {}), text)
      assert.deepEqual(readRetention(writeRetention(text, { raw: '30d', audit: '1y' })), {
        raw: '30d',
        audit: '1y',
      })
    }
  })

  it('is a number of days or years; less than a day is one', () => {
    assert.deepEqual(['90d', '2y', '36h', '15m', 'soon', undefined].map(parseLength), [
      { count: 90, unit: 'd' },
      { count: 2, unit: 'y' },
      { count: 2, unit: 'd' },
      { count: 1, unit: 'd' },
      undefined,
      undefined,
    ])
  })

  it('is said as people say it', () => {
    assert.deepEqual(['2y', '1d', '36h', undefined].map(lengthWords), [
      '2 years',
      '1 day',
      '2 days',
      'for ever',
    ])
  })

  it('is shorter where less is kept than before; what is not named is kept for ever, rejected rows for 90 days', () => {
    assert.deepEqual(
      [
        shortened({}, {}),
        shortened({ raw: '2y', audit: '365d' }, { raw: '1y', audit: '1y' }),
        shortened({}, { raw: '10y', rejects: '90d', audit: '1d' }),
        shortened({ rejects: '1y' }, {}),
        shortened({ raw: '1y' }, { raw: '366d' }),
      ],
      [[], ['raw'], ['raw', 'audit'], ['rejects'], []],
    )
  })

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 36_500 }),
        fc.constantFrom('d' as const, 'y' as const),
        (count, unit) => {
          assert.deepEqual(parseLength(lengthText({ count, unit })), { count, unit })
        },
      ),
    )
  })
})

describe('a token', () => {
  it('is good until it is revoked or its time is over', () => {
    const now = new Date('2026-11-29T12:00:00Z')
    assert.deepEqual(
      [
        tokenStatus({ expiresAt: null, revokedAt: null }, now),
        tokenStatus({ expiresAt: '2026-11-29T12:00:00Z', revokedAt: null }, now),
        tokenStatus({ expiresAt: '2027-01-01T00:00:00Z', revokedAt: '2026-11-01T00:00:00Z' }, now),
      ],
      ['active', 'expired', 'revoked'],
    )
  })
})

describe('the log', () => {
  it('says what was done as people do, and keeps words that it does not know', () => {
    assert.deepEqual(
      ['sync', 'sources publish', 'activations delete', 'activate undo plan', 'something new'].map(sayAction),
      [
        'synced',
        'published a source',
        'deleted an activation',
        'looked at taking back a run',
        'something new',
      ],
    )
  })
})

describe('the detail of what somebody did', () => {
  const cases: readonly (readonly [written: string, said: string])[] = [
    ['as admin', 'as admin'],
    ['as viewer until 2027-02-28T01:18:53.763Z', 'as viewer until 28 Feb 2027, 02:18:53'],
    ['', ''],
    ['{not json', '{not json'],
    [
      '{"run":"01a228f0-02ed-7aa7-b609-f21e24ee78e2","plan":"182ee4592656ef20cb70293df8cb77335f5d","note":"without a look"}',
      'run: 01a228f0-02e…, plan: 182ee4592656…, note: without a look',
    ],
  ]
  for (const [written, said] of cases)
    it(`of ${JSON.stringify(written)}`, () => assert.equal(sayDetail(written, 'Europe/Paris'), said))
})
