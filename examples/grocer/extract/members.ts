/**
 * The loyalty programme's members and points. The package knows no people, so the contacts are synthetic: drawn from the
 * household's id alone, the same on every machine, with addresses and numbers that can belong to nobody.
 */
import { createHash } from 'node:crypto'

/** A person in the loyalty programme. Times are ISO 8601 in UTC. */
export interface Member {
  readonly member_id: string
  readonly household_id: number
  readonly card_number: string
  readonly first_name: string
  /** At example.com, which RFC 2606 reserves. Some are in capitals, as people type them. */
  readonly email: string | null
  /** In the range that ARCEP keeps for fiction (06 39 98 xx xx), in the notations that people use. */
  readonly phone: string | null
  readonly marketing_consent: boolean
  readonly tier: 'blue' | 'silver' | 'gold'
  readonly joined_at: string
  readonly updated_at: string
}

/** Points that one basket earned, posted at the next full hour: many entries share their `updated_at`. */
export interface PointsEntry {
  readonly entry_id: string
  readonly member_id: string
  /** The basket that earned them; null for points given otherwise. */
  readonly basket_id: number | null
  readonly points: number
  readonly occurred_at: string
  readonly updated_at: string
}

export interface HouseholdFacts {
  readonly household_id: number
  readonly household_size: string | null
  /** Money spent in the year. */
  readonly spend: number
  /** First and last transaction, ISO 8601. */
  readonly first_at: string
  readonly last_at: string
}

export interface Basket {
  readonly household_id: number
  readonly basket_id: number
  readonly total: number
  readonly occurred_at: string
}

const FIRST_NAMES = [
  ...['Amélie', 'Anna', 'Benoît', 'Camille', 'Chloé', 'Clément', 'David', 'Élodie', 'Emma', 'François'],
  ...['Gaëlle', 'Hugo', 'Inès', 'Jules', 'Karim', 'Léa', 'Louis', 'Łukasz', 'Maëlle', 'Manon'],
  ...['Marie', 'Mehdi', 'Nadia', 'Noé', 'Olivier', 'Pauline', 'Raphaël', 'Sarah', 'Thomas', 'Zoë'],
]

/** Nine households in ten joined; in some of the larger ones a second person has a card and gives the same phone. */
export function membersOf(household: HouseholdFacts): Member[] {
  const draw = drawer(household.household_id)
  if (draw('joined', 10) === 0) {
    return []
  }
  const phone = phoneOf(household.household_id, draw('notation', 3))
  const count =
    household.household_size !== null && household.household_size !== '1' && draw('second', 4) === 0 ? 2 : 1
  return Array.from({ length: count }, (_, index): Member => {
    const name = FIRST_NAMES[draw(`name ${index}`, FIRST_NAMES.length)]!
    const email = `${asciiOf(name)}.h${household.household_id}.${index + 1}@example.com`
    return {
      member_id: memberId(household.household_id, index),
      household_id: household.household_id,
      card_number: cardNumber(household.household_id * 10 + index),
      first_name: name,
      email:
        draw(`no email ${index}`, 12) === 0
          ? null
          : draw(`capitals ${index}`, 8) === 0
            ? email.toUpperCase()
            : email,
      phone: draw('no phone', 6) === 0 ? null : phone,
      marketing_consent: draw(`consent ${index}`, 10) < 7,
      tier: household.spend >= 4000 ? 'gold' : household.spend >= 1500 ? 'silver' : 'blue',
      joined_at: household.first_at,
      // What the second member said last is older: which of two statements of a household counts is no matter of chance.
      updated_at: index === 0 ? household.last_at : household.first_at,
    }
  })
}

/** The entry of a basket that reached a whole point; the household's members take turns, drawn by the basket's id. */
export function pointsOf(basket: Basket, members: readonly Member[]): PointsEntry | undefined {
  const points = Math.floor(basket.total)
  if (members.length === 0 || points < 1) {
    return undefined
  }
  return {
    entry_id: `P${basket.basket_id}`,
    member_id: members[drawer(basket.basket_id)('member', members.length)]!.member_id,
    basket_id: basket.basket_id,
    points,
    occurred_at: basket.occurred_at,
    updated_at: nextHour(basket.occurred_at),
  }
}

function memberId(household: number, index: number): string {
  return `M${String(household).padStart(5, '0')}-${index + 1}`
}

/** Draws whole numbers below a bound that depend on the id and the purpose alone. */
function drawer(id: number): (purpose: string, bound: number) => number {
  return (purpose, bound) => createHash('sha256').update(`${id} ${purpose}`).digest().readUInt32BE() % bound
}

/** An EAN-13 of the range that shops use within their walls (29). */
function cardNumber(serial: number): string {
  const digits = `29${String(serial).padStart(10, '0')}`
  const sum = [...digits].reduce(
    (total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3),
    0,
  )
  return `${digits}${(10 - (sum % 10)) % 10}`
}

function phoneOf(household: number, notation: number): string {
  const [a, b] = [Math.floor(household / 100) % 100, household % 100].map((pair) =>
    String(pair).padStart(2, '0'),
  )
  return [`+3363998${a}${b}`, `06 39 98 ${a} ${b}`, `06.39.98.${a}.${b}`][notation]!
}

function asciiOf(name: string): string {
  return name.toLowerCase().replaceAll('ł', 'l').normalize('NFD').replaceAll(/\p{M}/gu, '')
}

function nextHour(time: string): string {
  const hour = 3_600_000
  return new Date((Math.floor(Date.parse(time) / hour) + 1) * hour).toISOString()
}
