import assert from 'node:assert/strict'
import { pausedWords, toldOfPause } from './paused-words.js'

const scheduled = { id: 'shop', schedule: 'every 15 minutes' }
const byHand = { id: 'files', schedule: 'by hand' }

describe('the words of a paused source', () => {
  it('say what the schedule does not start, and who lets it', () => {
    assert.deepEqual(
      [true, false].map((mayResume) => pausedWords(scheduled, mayResume)),
      [
        'Its schedule starts nothing until it is resumed.',
        'Its schedule starts nothing until an operator resumes it.',
      ],
    )
    assert.deepEqual(
      [true, false].map((isPaused) => toldOfPause(scheduled, isPaused)),
      ['shop is paused: its schedule starts nothing.', 'shop runs by its schedule again.'],
    )
  })

  it('speak of no schedule where a source is synced by hand', () => {
    assert.deepEqual(
      [true, false].map((mayResume) => pausedWords(byHand, mayResume)),
      [
        'It is synced by hand, and that works while it is paused too.',
        'It is synced by hand, and that works while it is paused too.',
      ],
    )
    assert.deepEqual(
      [true, false].map((isPaused) => toldOfPause(byHand, isPaused)),
      ['files is paused: it is synced by hand all the same.', 'files is no longer paused.'],
    )
  })
})
