import assert from 'node:assert/strict'
import fc from 'fast-check'
import { type HouseholdFacts, membersOf, pointsOf } from './members.js'

const household: HouseholdFacts = {
  household_id: 8,
  household_size: '3',
  spend: 3080.65,
  first_at: '2017-01-04T01:05:10.000Z',
  last_at: '2017-12-29T01:00:44.000Z',
}

describe('synthetic members', () => {
  it('are the same for a household every time', () => {
    const [first] = membersOf(household)
    assert.deepEqual(membersOf(household), membersOf({ ...household }))
    assert.deepEqual(first, {
      member_id: 'M00008-1',
      household_id: 8,
      card_number: '2900000000803',
      first_name: 'Manon',
      email: 'manon.h8.1@example.com',
      phone: '+33639980008',
      marketing_consent: true,
      tier: 'silver',
      joined_at: household.first_at,
      updated_at: household.last_at,
    })
  })

  it('can belong to nobody: reserved domain, fictional phone, in-store card with a right check digit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9999 }), (id) => {
        for (const member of membersOf({ ...household, household_id: id })) {
          assert.match(member.email ?? 'a@example.com', /^[a-z.0-9]+@example\.com$/i)
          assert.match((member.phone ?? '0639980000').replaceAll(/[ .]/g, ''), /^(\+33|0)63998\d{4}$/)
          assert.match(member.card_number, /^29\d{11}$/)
          const digits = [...member.card_number].map(Number)
          const sum = digits.reduce((total, digit, index) => total + digit * (index % 2 === 0 ? 1 : 3), 0)
          assert.equal(sum % 10, 0)
        }
      }),
    )
  })

  it('share a phone when two of a household have a card', () => {
    const pairs = Array.from({ length: 200 }, (_, id) =>
      membersOf({ ...household, household_id: id }),
    ).filter(({ length }) => length === 2)
    assert.ok(pairs.length > 20)
    assert.ok(pairs.every(([a, b]) => a!.phone === b!.phone && a!.member_id !== b!.member_id))
  })

  it('earn a point for each whole unit of money, booked at the next full hour', () => {
    const members = membersOf(household)
    const basket = {
      household_id: 8,
      basket_id: 40928482948,
      total: 12.99,
      occurred_at: '2017-12-01T23:59:59.000Z',
    }
    assert.deepEqual(pointsOf(basket, members), {
      entry_id: 'P40928482948',
      member_id: 'M00008-1',
      basket_id: 40928482948,
      points: 12,
      occurred_at: '2017-12-01T23:59:59.000Z',
      updated_at: '2017-12-02T00:00:00.000Z',
    })
    assert.equal(pointsOf({ ...basket, total: 0.99 }, members), undefined)
    assert.equal(pointsOf(basket, []), undefined)
  })
})
