import assert from 'node:assert/strict'
import { addressWords, summaryWords } from './summary.js'

const plain = (_style: unknown, text: string) => text

describe('summaryWords', () => {
  it('says what was loaded, which checks hold, and first of all what does not', () => {
    const result = {
      ok: false,
      loads: [
        {
          sync: 'first',
          source: 'till',
          outcome: 'succeeded',
          rows: 1_234_567,
          bytes: 3_400_000,
          rejects: 0,
          seconds: 2,
          rowsPerSecond: 617_284,
          streams: [],
        },
        {
          sync: 'repeat',
          source: 'loyalty',
          outcome: 'succeeded',
          rows: 10,
          bytes: 5,
          rejects: 0,
          seconds: 25.04,
          rowsPerSecond: 0,
          streams: [{ name: 'points', rows: 10, bytes: 5, seconds: 25.04 }],
        },
      ],
      seconds: 75,
      checks: [
        { name: 'workspace applied', ok: true, detail: 'revision 1' },
        ...['a', 'b', 'c', 'd', 'e', 'f'].map((stream) => ({
          name: `first sync: ${stream}`,
          ok: stream !== 'c',
          detail: stream === 'c' ? '1 rows instead of 2 rows' : '2 rows',
        })),
      ],
    } as const
    assert.deepEqual(summaryWords(result, plain).split('\n'), [
      'sync                       source               rows   bytes    time   rows/s',
      'first sync, by schedule    till            1,234,567  3.4 MB   2.0 s  617,284',
      'read again, worker killed  loyalty.points         10     5 B  25.0 s        0',
      '',
      '✓ workspace applied: revision 1',
      '✓ first sync: a, b, d, e, 1 more',
      '✗ first sync: c: 1 rows instead of 2 rows',
      '',
      '6 of 7 checks hold; 1 min 15 s from nothing to here',
    ])
  })

  it('has a line for a demo that could not begin', () => {
    const checks = [{ name: 'every part could start', ok: false, detail: 'starting PostgreSQL: none found' }]
    assert.deepEqual(summaryWords({ ok: false, loads: [], seconds: 0.5, checks }, plain).split('\n'), [
      '✗ every part could start: starting PostgreSQL: none found',
      '',
      '0 of 1 checks hold; 0.5 s from nothing to here',
    ])
  })
})

describe('summaryWords of people', () => {
  it('shows every segment with who came and went, and one person', () => {
    const result = {
      ok: true,
      loads: [],
      seconds: 60,
      checks: [],
      profiles: 1308,
      segments: [
        { name: 'high-value', size: 1060, entered: 5, left: 0 },
        { name: 'winback', size: 4, entered: 0, left: 4 },
      ],
      person: ['p225 is household 67', '  in high-value: People whose lifetime value is at least 2500.'],
    }
    assert.deepEqual(summaryWords(result, plain).split('\n').slice(0, 6), [
      'segment of 1,308 people   size  entered  left',
      'high-value               1,060        5     0',
      'winback                      4        0     4',
      '',
      'p225 is household 67',
      '  in high-value: People whose lifetime value is at least 2500.',
    ])
  })
})

describe('addressWords', () => {
  const addresses = {
    workspace: '.tributary/demo',
    page: 'http://127.0.0.1:8080/sign-in#once',
    temporal: '127.0.0.1:7233',
    temporalUi: 'http://127.0.0.1:8233',
    namespace: 'default',
    clickhouse: 'http://127.0.0.1:8123',
    user: 'tributary',
    passwordFile: '.tributary/demo/.tributary/clickhouse-password',
    loyaltyApi: 'http://127.0.0.1:8080',
  }

  it('links to the runs, and says where the password is without saying it', () => {
    assert.deepEqual(addressWords(addresses).split('\n').slice(0, 4), [
      'The page     http://127.0.0.1:8080/sign-in#once  (signs you in, once, within 15 minutes)',
      'Runs         http://127.0.0.1:8233/namespaces/default/workflows',
      'ClickHouse   http://127.0.0.1:8123  user tributary, password in .tributary/demo/.tributary/clickhouse-password',
      'Loyalty API  http://127.0.0.1:8080',
    ])
  })

  it('names the address of Temporal where its UI is not known', () => {
    assert.equal(
      addressWords({ ...addresses, temporalUi: null }).split('\n', 2)[1],
      'Runs         127.0.0.1:7233',
    )
  })
})
