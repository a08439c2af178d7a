/**
 * The shop of the story: its customers, their orders, and the loyalty programme that a file tells of. Everything that the story
 * expects on the page is counted from here by plain code.
 */
import { seededRandom } from '../../support/random.js'

interface Order {
  /** From 1, in the order of time. */
  readonly id: number
  readonly customer: number
  /** A multiple of a quarter, so that sums are exact however they are made. */
  readonly total: number
  readonly status: 'paid' | 'cancelled'
  readonly at: Date
}

export interface Customer {
  readonly id: number
  readonly name: string
  readonly email: string
  readonly city: string
}

/** A row of the file. */
export interface LoyaltyMember {
  /** Counted by the programme itself: its 7 is another person than the shop's 7. */
  readonly member_id: number
  /** As somebody wrote it on a card at the till. */
  readonly email: string
  readonly tier: 'silver' | 'gold'
}

export interface ShopData {
  readonly customers: readonly Customer[]
  readonly orders: readonly Order[]
  readonly loyalty: readonly LoyaltyMember[]
}

const CUSTOMERS = 2000
/** In the programme, and never seen in the shop. */
const STRANGERS = 100
const DAY_MS = 86_400_000
const FIRST =
  'Ada Bea Cleo Dora Edda Fern Gwen Hana Ines Jana Kaya Lena Mara Nora Olga Pia Rosa Sara Tara Vera'
const LAST =
  'Adler Berg Conti Dahl Ebner Falk Groth Hertz Ivens Jung Keller Lund Moser Nagel Orth Pohl Quast Roth'
const CITIES = ['Berlin', 'Lyon', 'Porto', 'Turin']

/** The same people and amounts every time, dated back from now; half a day keeps every date off the edge of a window. */
export function makeShopData(now: Date): ShopData {
  const random = seededRandom(7)
  const customers: Customer[] = []
  const orders: Omit<Order, 'id'>[] = []
  for (let id = 1; id <= CUSTOMERS; id += 1) {
    const name = `${nth(FIRST, id)} ${nth(LAST, Math.floor(id / 20))}`
    const email = `${name.toLowerCase().replace(' ', '.')}.${id}@example.com`
    customers.push({ id, name, email, city: random.pick(CITIES) })
    const newest = random.between(5, 119)
    for (let left = random.between(10, 120); left > 0; left -= 1) {
      const days = random.between(newest, 700)
      orders.push({
        customer: id,
        total: random.between(4, 60) / 4,
        status: random.between(1, 20) === 1 ? 'cancelled' : 'paid',
        at: new Date(now.getTime() - (days + 0.5) * DAY_MS),
      })
    }
  }
  orders.sort((a, b) => a.at.getTime() - b.at.getTime() || a.customer - b.customer)
  return {
    customers,
    orders: orders.map((order, index) => ({ id: index + 1, ...order })),
    loyalty: loyaltyOf(customers),
  }
}

/** Three of five customers, in another order than the shop's, and some who never bought. */
function loyaltyOf(customers: readonly Customer[]): LoyaltyMember[] {
  const cards = customers
    .filter(({ id }) => id % 5 < 3)
    .reverse()
    .map(({ id, email }) => (id % 2 === 0 ? email : email.toUpperCase()))
  const strangers = Array.from({ length: STRANGERS }, (_, n) => `stranger.${n + 1}@example.com`)
  return [...cards, ...strangers].map((email, index) => ({
    member_id: index + 1,
    email,
    tier: index % 4 === 0 ? 'gold' : 'silver',
  }))
}

/** Of customers, and of members of the programme whom the shop does not know: one a person. */
export const addressesOf = ({ customers, loyalty }: ShopData): ReadonlySet<string> =>
  new Set([...customers, ...loyalty].map(({ email }) => email.toLowerCase()))

/** Orders that were paid: what the marketer calls a purchase. */
export const purchasesOf = ({ orders }: ShopData): readonly Order[] =>
  orders.filter(({ status }) => status === 'paid')

/** How much each customer spent. */
export function spentBy(data: ShopData): ReadonlyMap<number, number> {
  const spent = new Map<number, number>()
  for (const { customer, total } of purchasesOf(data)) spent.set(customer, (spent.get(customer) ?? 0) + total)
  return spent
}

/** Customers with a purchase in the last days before a moment. */
export function boughtWithin(data: ShopData, days: number, now: Date): ReadonlySet<number> {
  const from = now.getTime() - days * DAY_MS
  return new Set(purchasesOf(data).flatMap(({ at, customer }) => (at.getTime() >= from ? [customer] : [])))
}

/** Who spent more than an amount, and bought nothing in the last days. */
export function lapsed(data: ShopData, amount: number, days: number, now: Date): readonly Customer[] {
  const spent = spentBy(data)
  const bought = boughtWithin(data, days, now)
  return data.customers.filter(({ id }) => (spent.get(id) ?? 0) > amount && !bought.has(id))
}

function nth(words: string, index: number): string {
  const all = words.split(' ')
  return all[index % all.length]!
}
