/** A shop of customers and orders that changes in rounds; what it holds is known without asking anybody. */
import type { Random } from '../../support/random.js'
import type { TestShop } from '../../support/shop.js'

export interface Customer {
  readonly id: number
  readonly email: string | null
  readonly city: string
}

export interface Order {
  readonly id: number
  readonly email: string
  readonly status: 'open' | 'paid' | 'refunded'
  readonly total: number
}

export interface ShopState {
  readonly customers: Map<number, Customer>
  readonly orders: Map<number, Order>
}

const CITIES = ['Paris', 'Lyon', 'Nantes']
const STATUSES = ['open', 'paid', 'refunded'] as const
const ADDRESSES = 150

export async function openShop(shop: TestShop, name: string): Promise<ShopState> {
  await shop.query(`
    CREATE TABLE ${name}_customers (id int PRIMARY KEY, email text, city text NOT NULL, updated_at timestamptz NOT NULL);
    CREATE TABLE ${name}_orders (id int PRIMARY KEY, email text NOT NULL, status text NOT NULL, total numeric(10,2) NOT NULL,
      paid_at timestamptz NOT NULL, updated_at timestamptz NOT NULL)`)
  return { customers: new Map(), orders: new Map() }
}

/** Adds and changes customers and orders: addresses move between customers, orders are paid and given back. */
export async function changeShop(
  shop: TestShop,
  name: string,
  state: ShopState,
  random: Random,
  changes: number,
): Promise<void> {
  for (let change = 0; change < changes; change += 1) {
    if (random.next() < 0.4) await changeCustomer(shop, name, state, random)
    else await changeOrder(shop, name, state, random)
  }
}

async function changeCustomer(shop: TestShop, name: string, { customers }: ShopState, random: Random) {
  const isNew = customers.size === 0 || random.next() < 0.6
  const id = isNew ? customers.size + 1 : random.between(1, customers.size)
  // An address belongs to one customer at a time, so that who is who needs no rule of limits here.
  const taken = new Set(
    [...customers.values()].filter((customer) => customer.id !== id).map(({ email }) => email),
  )
  const email = address(random.between(1, ADDRESSES))
  const customer = { id, email: taken.has(email) ? null : email, city: random.pick(CITIES) }
  customers.set(id, customer)
  await shop.query(
    `INSERT INTO ${name}_customers VALUES ($1, $2, $3, clock_timestamp())
     ON CONFLICT (id) DO UPDATE SET email = $2, city = $3, updated_at = excluded.updated_at`,
    [id, customer.email, customer.city],
  )
}

async function changeOrder(shop: TestShop, name: string, { orders }: ShopState, random: Random) {
  const id = orders.size === 0 || random.next() < 0.7 ? orders.size + 1 : random.between(1, orders.size)
  const order: Order = {
    id,
    email: orders.get(id)?.email ?? address(random.between(1, ADDRESSES)),
    status: random.pick(STATUSES),
    total: random.between(1, 80),
  }
  orders.set(id, order)
  await shop.query(
    `INSERT INTO ${name}_orders VALUES ($1, $2, $3, $4, '2026-01-01Z', clock_timestamp())
     ON CONFLICT (id) DO UPDATE SET status = $3, total = $4, updated_at = excluded.updated_at`,
    [id, order.email, order.status, order.total],
  )
}

const address = (number: number): string => `person${number}@example.com`
