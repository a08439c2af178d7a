import assert from 'node:assert/strict'
import fc from 'fast-check'
import { formatNote, parseNote } from './schedules.js'

describe('the note of a schedule', () => {
  it('keeps text and definition side by side, whatever the text', () => {
    const definition = fc.string({
      unit: fc.constantFrom(...'0123456789abcdef'),
      minLength: 16,
      maxLength: 16,
    })
    const text = fc.string().map((value) => value.trimEnd())
    fc.assert(
      fc.property(text, definition, (value, hash) => {
        const note = { text: value, definition: hash }
        assert.deepEqual(parseNote(formatNote(note)), note)
      }),
    )
  })

  it('of somebody else is all text', () => {
    assert.deepEqual(['paused in the UI', undefined].map(parseNote), [
      { text: 'paused in the UI' },
      { text: '' },
    ])
  })
})
