import assert from 'node:assert/strict'
import type { ActivationPlan, ListedActivation } from '../api.js'
import { countsOf, guardSentence, sendsSomething, sentenceOf, stateOf, valueText } from './words.js'

const counts: ActivationPlan['counts'] = {
  members: 20,
  adds: 3,
  changes: 0,
  removes: 0,
  unchanged: 15,
  rejects: 0,
  unmatched: 2,
  withheld: 0,
  heldOut: 0,
  duplicates: 0,
}

describe('words of activations', () => {
  it('say in a sentence who goes where, and when', () => {
    const winback = {
      segment: 'lapsed',
      object: 'contact',
      destination: 'crm',
      mode: 'mirror',
      trigger: 'after each refresh',
    } as const
    assert.equal(
      sentenceOf(winback, () => 'Lapsed customers'),
      'Members of Lapsed customers are created, kept up to date, and removed when they leave the segment, in contact of crm, after each refresh.',
    )
    assert.match(sentenceOf({ ...winback, segment: '*' }, String), /^Everybody are|^Everybody /)
  })

  it('tell the counts of a plan, and leave away what is zero and seldom', () => {
    assert.deepEqual(
      countsOf({ counts }).map(({ name, count }) => [name, count]),
      [
        ['Added', 3],
        ['Changed', 0],
        ['Removed', 0],
        ['In step', 15],
        ['No match', 2],
      ],
    )
    assert.equal(sendsSomething({ counts }), true)
    assert.equal(sendsSomething({ counts: { ...counts, adds: 0 } }), false)
  })

  it('name what an activation does now before how its last run ended', () => {
    const listed = {
      id: 'a',
      state: 'published',
      etag: null,
      definition: null,
      live: null,
    } as ListedActivation
    const live = { state: 'idle', lastOutcome: 'partial' } as NonNullable<ListedActivation['live']>
    assert.equal(stateOf({ ...listed, state: 'new' }), 'new')
    assert.equal(stateOf({ ...listed, live }), 'partial')
    assert.equal(stateOf({ ...listed, live: { ...live, lastOutcome: null } }), 'never')
    assert.equal(stateOf({ ...listed, live: { ...live, state: 'paused' } }), 'paused')
  })

  it('show values as people write them', () => {
    assert.deepEqual([null, 'Ada', 12.5, true, ['a', 'b'], { x: 1 }].map(valueText), [
      '–',
      'Ada',
      '12.5',
      'true',
      'a, b',
      '{"x":1}',
    ])
  })

  it('say what a guard has to say as a sentence, whoever its subject is', () => {
    assert.deepEqual(
      [
        ['max_removes', 'removes 3 of 3 records; at most 1 are allowed'],
        ['empty_segment', 'nobody is left to send, of 3 records there: this would empty the audience'],
      ].map(([name, message]) => guardSentence(name!, message!)),
      [
        'It removes 3 of 3 records; at most 1 are allowed.',
        'Nobody is left to send, of 3 records there: this would empty the audience.',
      ],
    )
  })
})
