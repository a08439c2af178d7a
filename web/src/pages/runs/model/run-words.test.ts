import { deepEqual } from 'node:assert/strict'
import { type RunKind, runTitle, sayDone, sayEnding, sayReason, subjectPath } from './run-words.js'

const run = (kind: RunKind, about = '') => ({ kind, subject: kind === 'refresh' ? '' : 'shop', about })

describe('a run in words', () => {
  it('has a title and a place', () => {
    const runs = [
      run('sync'),
      run('backfill', 'may'),
      run('reset', 'orders'),
      run('refresh'),
      run('activation'),
    ]
    deepEqual(
      runs.map((one) => [runTitle(one), subjectPath(one)]),
      [
        ['Sync of shop', '/sources/shop'],
        ['Backfill of shop (may)', '/sources/shop'],
        ['orders of shop read anew', '/sources/shop'],
        ['Refresh of people and segments', '/profiles'],
        ['Activation shop', '/activations/shop'],
      ],
    )
  })

  it('says what it counted, or that there was nothing new', () => {
    const done = (kind: RunKind, counts: Record<string, number>) =>
      sayDone({ kind, outcome: 'succeeded', counts })
    deepEqual(
      [
        done('sync', { rows: 12_000, bytes: 1_500_000, rejects: 3 }),
        done('sync', { rows: 0, bytes: 120, rejects: 0 }),
        done('refresh', { profiles: 1, merged: 2, split: 0 }),
        done('activation', { adds: 5, changes: 0, removes: 1, rejects: 0 }),
        sayDone({ kind: 'sync', outcome: 'failed', counts: { rows: 0 } }),
        sayDone({ kind: 'activation', outcome: 'failed', counts: { adds: 15, acknowledged: 0 } }),
        sayDone({ kind: 'activation', outcome: 'cancelled', counts: { adds: 15, acknowledged: 4 } }),
        sayDone({ kind: 'activation', outcome: 'stopped', counts: { removes: 9, acknowledged: 0 } }),
      ],
      [
        '12,000 rows, 3 rejected, 1.5 MB',
        'nothing new',
        '1 person, 2 merged',
        '5 people added, 1 removed',
        '–',
        '–',
        '4 records confirmed by the tool',
        '–',
      ],
    )
  })

  it('says why it was started', () => {
    deepEqual([null, 'schedule', 'after_refresh', 'by_moon'].map(sayReason), [
      undefined,
      'by its schedule',
      'after a refresh',
      'by moon',
    ])
  })

  it('says how it ended, and of one that somebody ended not that it failed', () => {
    deepEqual(
      ['failed', 'partial', 'cancelled'].map((outcome) =>
        sayEnding(outcome, 'reading orders: no; try again'),
      ),
      [
        { title: 'It failed', color: 'red', what: 'Reading orders: no.', remedy: 'Try again.' },
        {
          title: 'Something was left out',
          color: 'yellow',
          what: 'Reading orders: no.',
          remedy: 'Try again.',
        },
        { title: 'It was cancelled', color: 'gray', what: 'What it had done up to then stays.' },
      ],
    )
  })
})
