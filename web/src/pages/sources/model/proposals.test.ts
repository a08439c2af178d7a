import { deepEqual } from 'node:assert/strict'
import { emptyMapping, type Mapping } from './mapping.js'
import { proposalsFor } from './proposals.js'

const PROPOSED: Mapping = {
  stream: 'shop.orders',
  identifiers: { customer_id: 'customer_id', email: 'mail' },
  events: [{ name: 'Order', timestamp: 'created_at', properties: { total: 'total' } }],
  traits: { city: { field: 'city', timestamp: 'updated_at' } },
}
const REASONS = [
  { column: 'mail', use: 'identifier', as: 'email', why: 'its name says so' },
  { column: 'created_at', use: 'time', as: '', why: 'tells when it happened' },
]

describe('the proposal for a mapping', () => {
  it('is taken part by part, and all of it is the proposed mapping', () => {
    const proposals = proposalsFor(emptyMapping('shop.orders'), PROPOSED, REASONS)
    deepEqual(
      proposals.map(({ sentence, why }) => [sentence, why]),
      [
        ['customer_id tells who it is (customer_id)', undefined],
        ['mail tells who it is (email)', 'its name says so'],
        ['Each row is an event at created_at: “Order”, with 1 property', 'tells when it happened'],
        ['city is known of the person (city)', undefined],
      ],
    )
    const all = proposals.reduce((mapping, { apply }) => apply(mapping), emptyMapping('shop.orders'))
    deepEqual(all, PROPOSED)
  })

  it('leaves out what the mapping has already, in whatever way', () => {
    const mapping: Mapping = {
      stream: 'shop.orders',
      identifiers: { email: 'other' },
      events: [{ name: 'Bought' }],
      traits: { city: 'town' },
    }
    deepEqual(
      proposalsFor(mapping, PROPOSED, REASONS).map(({ key }) => key),
      ['identifier:customer_id'],
    )
    deepEqual(proposalsFor(mapping, undefined, []), [])
  })
})
