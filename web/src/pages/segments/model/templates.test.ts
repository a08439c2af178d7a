import assert from 'node:assert/strict'
import { templatesFor } from './templates.js'

describe('templates', () => {
  it('use the names of the workspace', () => {
    const templates = templatesFor({
      events: [
        { event: 'Page Viewed', numbers: [] },
        { event: 'Order Completed', numbers: ['items', 'total'] },
      ],
      numberTraits: [],
      identifiers: ['email'],
      consents: ['marketing'],
    })
    assert.deepEqual(templates[0]?.definition.who, {
      all: [
        { performed: 'Order Completed', aggregate: { sum: 'total' }, gte: 500 },
        { not: { performed: 'Order Completed', within: '60d' } },
      ],
    })
    assert.equal(templates.length, 6)
  })

  it('are none where nothing is known', () => {
    assert.deepEqual(templatesFor({ events: [], numberTraits: [], identifiers: [], consents: [] }), [])
  })
})
