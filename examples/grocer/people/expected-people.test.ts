import assert from 'node:assert/strict'
import { changedRecords } from './changed-records.js'
import { readCsv } from './csv.js'
import { expectedPeople } from './expected-people.js'
import { type GrocerRecords, readRecords } from './read-records.js'

const sizes = (records: GrocerRecords) => {
  const { people, segments, winbackCandidates } = expectedPeople(records, Date.parse('2026-01-01T00:00:00Z'))
  return {
    people: people.size,
    winbackCandidates: winbackCandidates.size,
    ...Object.fromEntries(Object.entries(segments).map(([id, members]) => [id, members.size])),
  }
}

describe('people and segments of the grocer, computed from the files', function () {
  this.timeout(60_000)
  let records: GrocerRecords
  before(async () => {
    records = await readRecords('examples/grocer/data')
  })

  it('are these in the extract, no segment empty and none everybody', () => {
    assert.deepEqual(sizes(records), {
      people: 300,
      winbackCandidates: 18,
      'coupon-lovers': 65,
      'coupon-refusers': 132,
      'december-growers': 108,
      families: 119,
      'gold-without-mail': 7,
      'high-value': 55,
      homeowners: 195,
      'lapsed-high-value': 30,
      'new-since-august': 5,
      'own-brands': 16,
      'produce-fans': 50,
      'prompt-redeemers': 97,
      reachable: 179,
      regulars: 104,
      'unmoved-by-mailing': 78,
    })
  })

  it('follow what changed', () => {
    const member = records.members.find(
      ({ household_id, marketing_consent, email, member_id }) =>
        marketing_consent &&
        email !== null &&
        records.points.some((entry) => entry.member_id === member_id) &&
        records.members.filter((other) => other.household_id === household_id).length === 1,
    )!
    const before = sizes(records)
    const after = sizes(
      changedRecords(
        records,
        {
          shop: {
            householdsUpdated: [],
            householdsAdded: [100_001],
            redemptionsAdded: [],
            redemptionsUpdated: [],
            campaignsDeleted: [],
            campaignsAdded: [],
          },
          loyalty: { updated: [], left: [member.member_id], entriesAdded: [], pointsAdded: 0 },
          lastWeekDelivered: true,
        },
        Date.parse('2026-01-01T12:00:00Z'),
      ),
    )
    assert.deepEqual(
      Object.fromEntries(
        Object.entries(after).filter(([id, size]) => size !== before[id as keyof typeof before]),
      ),
      {
        // The new household, and the member who left: nobody knows any more whose points these are.
        people: 302,
        winbackCandidates: 10,
        'december-growers': 160,
        families: 120,
        'high-value': 60,
        'lapsed-high-value': 15,
        'own-brands': 14,
        'produce-fans': 54,
        reachable: 178,
        regulars: 117,
      },
    )
  })
})

describe('readCsv', () => {
  it('takes quotation marks, commas and empty fields as they are meant', () => {
    assert.deepEqual(readCsv('"a",b,c\n"1,""2""",,"x"\n3,4,5\n'), [
      { a: '1,"2"', b: '', c: 'x' },
      { a: '3', b: '4', c: '5' },
    ])
  })
})
