/** One person in words, so that figures get a face: what is known, and why they are in a segment. */
import { showPerson } from '../../operations/people/profiles.js'
import { listSegments } from '../../operations/people/segments.js'
import { formatCount } from '../format.js'
import type { FoundPeople } from './people.js'
import type { Stage } from './stage.js'

/** Lines about the household that is in most segments; the least number of equals. */
export async function personWords(
  { context }: Stage,
  { people, segments }: FoundPeople,
): Promise<readonly string[]> {
  const belongings = (name: string) => [...segments.values()].filter((members) => members.has(name)).length
  const [household] = [...people]
    .filter((name) => /^\d+$/.test(name))
    .sort((a, b) => belongings(b) - belongings(a) || Number(a) - Number(b))
  if (household === undefined) return []
  const [person, lines] = await Promise.all([
    showPerson(context, { type: 'household_id', value: household }),
    listSegments(context),
  ])
  const trait = (name: string) => person.traits[name]?.value
  const { email = [], card_number: cards = [], phone = [] } = person.identifiers
  const facts = [
    `${cards.length} loyalty cards`,
    `${email.length + phone.length} addresses and numbers`,
    `tier ${trait('tier') ?? 'unknown'}`,
    `${formatCount(Number(trait('lifetime_value') ?? 0))} spent at ${formatCount(Number(trait('baskets') ?? 0))} visits`,
    `${formatCount(Number(trait('coupons_redeemed') ?? 0))} coupons redeemed`,
  ]
  return [
    `${person.profile} is household ${household}: ${facts.join(', ')}`,
    ...lines
      .filter(({ id }) => person.segments.includes(id))
      .map(({ id, sentence }) => `  in ${id}: ${sentence}`),
  ]
}
