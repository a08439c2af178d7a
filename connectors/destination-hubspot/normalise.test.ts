import assert from 'node:assert/strict'
import { normaliserOf } from './normalise.js'

const normalise = (fieldType: string, value: string, region?: string, name = 'phone') =>
  normaliserOf({ name, label: name, type: 'string', fieldType }, region)?.(value)

describe('normaliserOf', () => {
  const cases: [string, string, string | undefined, string | undefined, string?][] = [
    ['text', ' Jane@Example.COM ', undefined, 'jane@example.com', 'email'],
    ['text', 'nobody', undefined, undefined, 'email'],
    ['phonenumber', '06 12 34 56 78', 'FR', '+33612345678'],
    ['phonenumber', '06 12 34 56 78', undefined, '06 12 34 56 78'],
    ['phonenumber', '612345678', undefined, '612345678'],
    ['phonenumber', '+33 6 12 34 56 78', undefined, '+33612345678'],
    ['phonenumber', ' ask for Jane ', 'FR', 'ask for Jane'],
    ['phonenumber', ' ', 'FR', undefined],
    ['text', ' as it is ', 'FR', undefined],
  ]
  for (const [fieldType, value, region, expected, name] of cases) {
    it(`makes ${JSON.stringify(expected)} of ${JSON.stringify(value)} (${name ?? fieldType}, ${region ?? 'no region'})`, () =>
      assert.equal(normalise(fieldType, value, region, name), expected))
  }
})
