import { deepEqual } from 'node:assert/strict'
import type { RetentionReport } from '../workflows/retention-contract.js'
import type { ActivationLine } from './activations/list.js'
import { type AttentionFacts, attention } from './attention.js'
import { pauseReason } from './pause-note.js'
import type { RefreshResult } from './refresh.js'
import type { SourceLine } from './source-lines.js'

const NOW = Date.parse('2026-01-02T12:00:00Z')
const WELL: AttentionFacts = {
  idleQueues: [],
  sources: [],
  activations: [],
  refresh: undefined,
  retention: undefined,
  mappings: 1,
  faulty: [],
  changed: [],
  missingSecrets: [],
}

const REFRESH: RefreshResult = {
  outcome: 'succeeded',
  profiles: 1,
  identifiers: 1,
  merged: 0,
  split: 0,
  conflicts: 0,
  segments: [],
  seconds: 1,
  workflowId: 'profiles/grocer',
  runId: 'run',
  revision: 'r',
  now: '2026-01-02T11:00:00Z',
  steps: [],
}

function source(over: Partial<SourceLine>): SourceLine {
  return {
    id: 'shop',
    connector: 'source-postgres',
    title: 'PostgreSQL',
    state: 'published',
    schedule: 'every hour',
    paused: false,
    note: '',
    nextAt: null,
    running: null,
    last: null,
    freshAt: null,
    rows: 0,
    rowsDay: 0,
    ...over,
  }
}

function last(over: Partial<NonNullable<SourceLine['last']>>): NonNullable<SourceLine['last']> {
  return {
    workflowId: 'sync/shop-x',
    runId: 'run',
    outcome: 'succeeded',
    startedAt: '2026-01-02T11:00:00Z',
    endedAt: '2026-01-02T11:01:00Z',
    rows: 10,
    rejects: 0,
    seconds: 60,
    error: null,
    ...over,
  }
}

function activation(over: Partial<ActivationLine>): ActivationLine {
  return {
    id: 'winback',
    segment: 'lapsed',
    destination: 'crm',
    object: 'contact',
    mode: 'mirror',
    trigger: 'by hand',
    state: 'idle',
    hold: null,
    waiting: null,
    lastOutcome: 'succeeded',
    lastAt: '2026-01-02T11:00:00Z',
    ...over,
  }
}

describe('what needs attention', () => {
  const about = (facts: Partial<AttentionFacts>) =>
    attention({ ...WELL, ...facts }, NOW).map(({ severity, about: what, message }) => [
      severity,
      what,
      message,
    ])

  it('is nothing where all is well', () => {
    deepEqual(about({ sources: [source({ last: last({}) })], activations: [activation({})] }), [])
  })

  it('says what failed, and what its error says to do', () => {
    const [found] = attention(
      {
        ...WELL,
        sources: [
          source({ last: last({ outcome: 'failed', error: 'listing orders: 401; renew the token' }) }),
        ],
      },
      NOW,
    )
    deepEqual(found, {
      severity: 'error',
      about: 'source',
      id: 'shop',
      message: 'The last sync failed: listing orders: 401',
      remedy: 'renew the token',
      at: '2026-01-02T11:01:00Z',
    })
  })

  it('says that old data could not be removed, and nothing where it could', () => {
    const retention: RetentionReport = {
      workspace: 'grocer',
      workflowId: 'retention/grocer',
      runId: 'run',
      revision: 'r',
      outcome: 'partial',
      now: '2026-01-02T03:30:00Z',
      rows: 0,
      bytes: 0,
      seconds: 1,
      kinds: [],
      error: { type: 'StreamFailed', message: 'shop.orders: it could not; see system.mutations' },
    }
    deepEqual(attention({ ...WELL, retention }, NOW), [
      {
        severity: 'warning',
        about: 'retention',
        id: null,
        message: 'Not everything that is too old could be removed: shop.orders: it could not',
        remedy: 'see system.mutations',
        at: '2026-01-02T03:30:00Z',
      },
    ])
    deepEqual(attention({ ...WELL, retention: { ...retention, outcome: 'succeeded' } }, NOW), [])
  })

  it('begins with errors, then warnings, then what is only worth knowing', () => {
    deepEqual(
      about({
        idleQueues: ['tributary'],
        changed: ['segments/a.yaml', 'segments/b.yaml'],
        missingSecrets: ['CRM_TOKEN'],
        sources: [
          source({ paused: true, note: 'failed 5 times', last: last({ outcome: 'partial', rejects: 3210 }) }),
          source({ id: 'late', nextAt: '2026-01-02T11:30:00Z' }),
        ],
        activations: [
          activation({ lastOutcome: 'stopped' }),
          activation({
            state: 'waiting for approval',
            waiting: { hash: 'h', adds: 1, changes: 2, removes: 3, until: null },
          }),
          activation({
            state: 'paused',
            hold: { by: 'Ada', at: '2026-01-01T00:00:00Z', reason: 'holidays' },
          }),
        ],
      }),
      [
        ['error', 'workers', 'No worker takes work: nothing is synced and nothing is sent'],
        ['error', 'secret', 'The secret CRM_TOKEN is not set'],
        ['error', 'activation', 'A guard stopped the last run'],
        ['warning', 'source', 'The last sync left something out'],
        ['warning', 'source', '3,210 rows were rejected by the last sync'],
        ['warning', 'source', 'It is paused: failed 5 times'],
        ['warning', 'source', 'A sync was due and did not begin'],
        ['warning', 'activation', 'It waits for an approval: 1 to add, 2 to change, 3 to remove'],
        ['info', 'activation', 'It is paused: holidays'],
        ['info', 'workspace', 'Not published yet: 2 files'],
      ],
    )
  })

  it('says what is wrong with a mapping, while everything else goes on', () => {
    const error = { type: 'MappingRefused', message: 'half.good has no column mail; choose another one' }
    const steps = [
      { name: 'mapping half', status: 'failed', rows: 0, seconds: 1, error },
      { name: 'identity', status: 'done', rows: 1, seconds: 1 },
    ] as const
    deepEqual(attention({ ...WELL, refresh: { ...REFRESH, outcome: 'partial', steps } }, NOW), [
      {
        severity: 'error',
        about: 'people',
        id: null,
        message: 'People lack what mapping half gives: half.good has no column mail',
        remedy: 'choose another one',
        at: REFRESH.now,
      },
    ])
  })

  it('says what to do about an activation that a failure paused', () => {
    const reason = 'requesting POST crm: answered 401; renew the credential, then resume what it paused'
    const hold = { by: 'tributary', at: '2026-01-01T00:00:00Z', reason }
    deepEqual(
      attention(
        { ...WELL, activations: [activation({ state: 'paused', hold, lastOutcome: 'failed' })] },
        NOW,
      ),
      [
        {
          severity: 'error',
          about: 'activation',
          id: 'winback',
          message: 'It is paused: requesting POST crm: answered 401',
          remedy: 'renew the credential, then resume what it paused',
          at: hold.at,
        },
      ],
    )
  })

  it('tells a pause that a failure caused without telling the failure twice', () => {
    const error = 'connecting to db: the password is wrong; set the new one'
    const note = pauseReason(`Paused 2026-01-02: AuthExpired: ${error} Then \`tributary resume shop\`.`)
    deepEqual(
      about({ sources: [source({ paused: true, note, last: last({ outcome: 'failed', error }) })] }),
      [
        ['error', 'source', 'The last sync failed: connecting to db: the password is wrong'],
        ['warning', 'source', 'It is paused since its last sync failed'],
      ],
    )
    deepEqual(pauseReason('stocktaking (Ada)'), 'stocktaking (Ada)')
  })

  it('says that nobody is known yet where data came in', () => {
    deepEqual(about({ mappings: 0, sources: [source({ rows: 5 })] }), [
      ['info', 'people', 'Data is loaded, and no stream is mapped to people'],
    ])
    deepEqual(about({ mappings: 0, sources: [source({})] }), [])
  })

  it('says that Temporal does not answer', () => {
    deepEqual(about({ idleQueues: undefined }), [['error', 'workers', 'Temporal does not answer']])
  })
})
