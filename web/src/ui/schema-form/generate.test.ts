import { equal, match, notEqual } from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { makerOf } from './generate.js'

const spec = JSON.parse(
  readFileSync(
    fileURLToPath(new URL('../../../../../connectors/destination-webhook/spec.json', import.meta.url)),
    'utf8',
  ),
)

describe('a secret that this side chooses', () => {
  it('is made as the spec of the webhook wants it, and never twice the same', () => {
    const make = makerOf(spec.properties.secret)!
    match(make(), new RegExp(spec.properties.secret.pattern))
    notEqual(make(), make())
  })

  it('is not made where only the other side can give it', () => {
    equal(makerOf({ type: 'string', writeOnly: true }), undefined)
    equal(makerOf({ type: 'string', 'x-generate': 'toString' }), undefined)
  })
})
