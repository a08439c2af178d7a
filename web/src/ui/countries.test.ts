import { deepEqual, equal } from 'node:assert/strict'
import { COUNTRIES, countryOf } from './countries.js'

describe('countries', () => {
  it('stand by their names', () => {
    deepEqual(COUNTRIES[0], { value: 'AF', label: 'Afghanistan' })
    deepEqual(
      COUNTRIES.find(({ value }) => value === 'FR'),
      { value: 'FR', label: 'France' },
    )
    equal(new Set(COUNTRIES.map(({ label }) => label)).size, COUNTRIES.length)
  })

  for (const [languages, country] of [
    [['fr-FR', 'en-US'], 'FR'],
    [['fr', 'de-CH'], 'CH'],
    [['en'], null],
    [[], null],
  ] as const)
    it(`is ${country} for a browser of ${languages.join(' and ') || 'no language'}`, () =>
      equal(countryOf(languages), country))
})
