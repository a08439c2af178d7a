/** Who is in which segment, worked out from what the shop holds: by nothing that is on trial. */
import type { ShopState } from './shop.js'

/** A person as text: the identifiers, sorted. */
export type Person = string
export type Memberships = ReadonlyMap<string, ReadonlySet<Person>>

export const SEGMENTS: Readonly<Record<string, string>> = {
  parisians: 'name: Parisians\nwho: { trait: city, eq: Paris }\n',
  good: 'name: Good\nwho: { trait: spent, gte: 100 }\n',
  buyers: 'name: Buyers\nwho: { performed: Order Paid, times: { gte: 2 } }\n',
  quiet: 'name: Quiet\nwho: { performed: Order Paid, times: { eq: 0 } }\n',
  'good-parisians': 'name: Both\nwho: { all: [{ segment: good }, { segment: parisians }] }\n',
}

export interface Expected {
  readonly memberships: Memberships
  readonly people: number
  /** Events of the whole shop. */
  readonly events: number
}

export function expect({ customers, orders }: ShopState): Expected {
  const people = new Map<string, { ids: Set<string>; city?: string; spent: number; paid: number }>()
  const personOf = (key: string) => {
    const person = people.get(key) ?? { ids: new Set<string>(), spent: 0, paid: 0 }
    people.set(key, person)
    return person
  }
  for (const { id, email, city } of customers.values()) {
    const person = personOf(email ?? `customer ${id}`)
    person.ids.add(`customer_id:${id}`)
    if (email !== null) person.ids.add(`email:${email}`)
    person.city = city
  }
  const paid = [...orders.values()].filter(({ status }) => status === 'paid')
  // Whoever has ordered is known, paid or not.
  for (const { email } of orders.values()) personOf(email).ids.add(`email:${email}`)
  for (const { email, total } of paid) {
    const person = personOf(email)
    person.spent += total
    person.paid += 1
  }
  const all = [...people.values()].map((person) => ({ ...person, text: [...person.ids].sort().join(' ') }))
  const those = (holds: (person: (typeof all)[number]) => boolean) =>
    new Set(all.filter(holds).map(({ text }) => text))
  const isGood = ({ spent }: { spent: number }) => spent >= 100
  return {
    memberships: new Map([
      ['parisians', those(({ city }) => city === 'Paris')],
      ['good', those(isGood)],
      ['buyers', those((person) => person.paid >= 2)],
      ['quiet', those((person) => person.paid === 0)],
      ['good-parisians', those((person) => isGood(person) && person.city === 'Paris')],
    ]),
    people: all.length,
    events: paid.length,
  }
}
