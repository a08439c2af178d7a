import assert from 'node:assert/strict'
import { changeWords } from './change-words.js'

describe('changes that wait to be published', () => {
  it('are told without keys of files', () => {
    assert.deepEqual(
      [
        {
          kind: 'source_added',
          source: 'files',
          message: 'add source files: source-files, 1 stream entry, by hand',
        },
        {
          kind: 'stream_changed',
          source: 'shop',
          stream: 'public.orders',
          message: 'shop, stream public.orders: cursor_field default → updated_at',
        },
        { kind: 'segment_added', segment: 'vip', message: 'add segment vip' },
      ].map(changeWords),
      ['New source files.', 'Source shop: how public.orders is read is changed.', 'New segment vip.'],
    )
  })

  it('are told in their own words where those are plain', () => {
    const message = 'traits: city changed'
    assert.equal(changeWords({ kind: 'traits_changed', message }), 'Traits: city changed.')
  })
})
