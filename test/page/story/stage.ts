/** What the story plays on: a shop's PostgreSQL, a folder with a file, a mailing tool, a whole stack, and a browser. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { type Mailer, type MailerMessage, startMailer } from '../../../examples/grocer/mailer/server.js'
import { startTestShop, type TestShop } from '../../support/shop.js'
import { type SlowLine, startSlowLine } from '../../support/slow-line.js'
import { startTestStack, type TestStack } from '../../support/stack.js'
import { openBrowser } from '../browser.js'
import { type LoyaltyMember, makeShopData, type ShopData } from './shop-data.js'

const SERVER = fileURLToPath(new URL('../../../server/main.js', import.meta.url))
/** The number of the order at which the line to the shop stands still: more rows than one block of the source. */
const HELD_AT = 110_000
/** Silence after which a worker counts as lost: long for a busy machine, short for whoever waits. */
const HEARTBEAT_MS = 6000

/** Everything that a step of the story works with. */
export interface Stage {
  readonly browser: Browser
  readonly stack: TestStack
  readonly shop: TestShop
  /** How the shop's database is reached: it stands still half-way through the orders. */
  readonly line: SlowLine
  readonly mailer: Mailer
  /** Messages that the mailing tool took, all of them signed as they should be. */
  readonly messages: readonly MailerMessage[]
  readonly data: ShopData
  /** The moment from which the data is dated back. */
  readonly now: Date
  stop(): Promise<void>
}

export async function setTheStage(): Promise<Stage> {
  const now = new Date()
  const data = makeShopData(now)
  const messages: MailerMessage[] = []
  const [shop, mailer] = await Promise.all([
    startTestShop(),
    startMailer({
      answer(message) {
        messages.push(message)
        return { take: true }
      },
    }),
  ])
  const line = await startSlowLine(shop.postgres.port, orderNumber(HELD_AT))
  const [stack, browser] = await Promise.all([
    startTestStack({
      serverEntry: SERVER,
      backoff: { firstMs: 100, maxMs: 500 },
      env: {
        TRIBUTARY_ALLOW_PRIVATE_ADDRESSES: '127.0.0.1',
        TRIBUTARY_HEARTBEAT_MS: String(HEARTBEAT_MS),
        TRIBUTARY_REFRESH_DELAY_MS: '500',
      },
      async prepare(workspaceDir) {
        // No refresh but those that the story asks for.
        const settings = 'workspace: shop\ntime_zone: Europe/Paris\nrefresh: manual\n'
        await writeFile(join(workspaceDir, 'tributary.yaml'), settings)
        await writeLoyalty(workspaceDir, data.loyalty)
      },
    }),
    openBrowser(),
    fillShop(shop, data),
  ])
  return {
    browser,
    stack,
    shop,
    line,
    mailer,
    messages,
    data,
    now,
    async stop() {
      await browser.close()
      await stack.stop()
      await Promise.all([line.stop(), mailer.stop()])
      await shop.stop()
    },
  }
}

/** What is printed on an order. */
const orderNumber = (id: number): string => `SO-${String(id).padStart(6, '0')}`

async function writeLoyalty(workspaceDir: string, members: readonly LoyaltyMember[]): Promise<void> {
  const folder = join(workspaceDir, 'exports')
  const lines = members.map(({ member_id, email, tier }) => `${member_id},${email},${tier}\n`)
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'members.csv'), `member_id,email,tier\n${lines.join('')}`)
}

async function fillShop(shop: TestShop, { customers, orders }: ShopData): Promise<void> {
  await shop.query(`
    CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL, email text NOT NULL, city text NOT NULL,
      updated_at timestamptz NOT NULL);
    CREATE TABLE orders (id int PRIMARY KEY, number text NOT NULL, customer_id int NOT NULL,
      total numeric(10, 2) NOT NULL, status text NOT NULL, ordered_at timestamptz NOT NULL, updated_at timestamptz NOT NULL)`)
  await shop.query(
    `INSERT INTO customers SELECT *, timestamptz '2024-01-01Z' FROM unnest($1::int[], $2::text[], $3::text[], $4::text[])`,
    (['id', 'name', 'email', 'city'] as const).map((key) => customers.map((customer) => customer[key])),
  )
  await addOrders(shop, orders)
  await shop.query('ANALYZE customers; ANALYZE orders')
}

/** Orders as they come in: each is changed last when it is made. */
export async function addOrders(shop: TestShop, orders: ShopData['orders']): Promise<void> {
  await shop.query(
    `INSERT INTO orders SELECT *, at FROM unnest($1::int[], $2::text[], $3::int[], $4::numeric[], $5::text[], $6::timestamptz[])
      AS o (id, number, customer, total, status, at)`,
    [
      orders.map(({ id }) => id),
      orders.map(({ id }) => orderNumber(id)),
      ...(['customer', 'total', 'status', 'at'] as const).map((key) => orders.map((order) => order[key])),
    ],
  )
}
