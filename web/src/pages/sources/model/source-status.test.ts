import { deepEqual, equal } from 'node:assert/strict'
import { sentenceOf, splitError } from '../../../ui/words.js'
import { attentionOf, statusOfSource } from './source-status.js'

const FINE = { state: 'published', running: null, paused: false, note: '', last: null } as const
const failed = { outcome: 'failed', error: 'reading orders: no route to host; check the address', rejects: 0 }

describe('how a source is doing', () => {
  it('is what goes on now, or else how it last ended', () => {
    deepEqual(
      [
        FINE,
        { ...FINE, state: 'new' as const },
        { ...FINE, last: failed },
        { ...FINE, last: failed, paused: true },
        { ...FINE, last: failed, paused: true, running: {} },
      ].map(statusOfSource),
      ['never', 'new', 'failed', 'paused', 'running'],
    )
  })

  it('needs attention for what failed, was rejected or is paused', () => {
    equal(attentionOf(FINE), undefined)
    equal(attentionOf({ ...FINE, last: failed }), 'Reading orders: no route to host.')
    equal(
      attentionOf({ ...FINE, last: { outcome: 'succeeded', error: null, rejects: 1200 } }),
      '1,200 rows were rejected.',
    )
    equal(attentionOf({ ...FINE, paused: true, note: 'the shop moves (Ada)' }), 'The shop moves (Ada).')
  })

  it('parts an error into what happened and what to do', () => {
    deepEqual(splitError(failed.error), {
      what: 'reading orders: no route to host',
      remedy: 'check the address',
    })
    deepEqual(splitError('broken'), { what: 'broken', remedy: undefined })
    equal(sentenceOf('broken!'), 'Broken!')
  })
})
