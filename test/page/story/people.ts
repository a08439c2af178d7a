/** The marketer says what the rows mean, and finds the people in them. */
import assert from 'node:assert/strict'
import { formatted } from './expected.js'
import { choose, goTo, look, type Marketer } from './marketer.js'
import { addressesOf, purchasesOf } from './shop-data.js'
import type { Stage } from './stage.js'

/** What the columns look like they mean is right as it stands. */
export async function mapTheCustomers(marketer: Marketer, { data }: Stage): Promise<void> {
  await openMapping(marketer, 'shop', 'public.customers')
  await takeAll(marketer)
  await marketer.page.getByRole('button', { name: 'Add them' }).click()
  const rows = formatted(data.customers.length)
  assert.deepEqual(await preview(marketer), [`${rows} are about somebody (100%)`])
  await look(marketer, 'The mapping of customers')
  await publishAndRefresh(marketer, 1)
}

/** Every order looks like a purchase; to the marketer only those that were paid are. */
export async function mapTheOrdersThatWerePaid(marketer: Marketer): Promise<void> {
  const { page } = marketer
  await openMapping(marketer, 'shop', 'public.orders')
  await takeAll(marketer)
  const event = page.getByRole('group', { name: 'Event Order Completed' })
  await event.getByRole('button', { name: 'Only some rows…' }).click()
  await choose(event, 'Only rows whose', 'status')
  await choose(event, 'How it is compared', 'is')
  await event.getByRole('textbox', { name: 'Value', exact: true }).fill('paid')
  const [about, purchases] = await preview(marketer)
  assert.match(about ?? '', /^[\d,]+ are about somebody \(100%\)$/)
  assert.match(purchases ?? '', /^[\d,]+ × “Order Completed”$/)
  await look(marketer, 'The mapping of orders')
  await publishAndRefresh(marketer, 2)
}

/** The programme counts its members by itself: only the address tells that a member is a customer. */
export async function mapTheLoyaltyMembers(marketer: Marketer, { data }: Stage): Promise<void> {
  await openMapping(marketer, 'loyalty', 'members')
  await takeAll(marketer)
  await marketer.page.getByRole('button', { name: 'Add it' }).click()
  const rows = formatted(data.loyalty.length)
  assert.deepEqual(await preview(marketer), [`${rows} are about somebody (100%)`])
  await publishAndRefresh(marketer, 3)
}

/** Nobody twice, and nothing but what was paid. */
export async function seeEverybodyOnce(marketer: Marketer, { data }: Stage): Promise<void> {
  const { page } = marketer
  await goTo(marketer, 'Profiles')
  const events = formatted(purchasesOf(data).length)
  await page
    .getByText(`Known by customer id, email, member id; with 3 traits and ${events} events.`)
    .waitFor()
  await goTo(marketer, 'Overview')
  await page
    .getByRole('listitem', { name: 'People' })
    .getByText(formatted(addressesOf(data).size), { exact: true })
    .waitFor()
}

async function openMapping(marketer: Marketer, source: string, stream: string): Promise<void> {
  const { page } = marketer
  await goTo(marketer, 'Sources')
  await page.getByRole('table', { name: 'Sources' }).getByRole('link', { name: source }).click()
  await page.getByRole('link', { name: `Map to people: ${stream}` }).click()
  await page.getByRole('heading', { name: `What ${stream} says of people`, level: 1 }).waitFor()
}

async function takeAll({ page }: Marketer): Promise<void> {
  await page.getByRole('button', { name: 'Take all' }).click()
  await page.getByRole('button', { name: 'Take all' }).waitFor({ state: 'detached' })
}

/** What the page says that the mapping makes of real rows, once it has looked. */
async function preview({ page }: Marketer): Promise<string[]> {
  const found = page.getByRole('region', { name: 'On real rows' }).getByRole('status').getByRole('listitem')
  await found.first().waitFor()
  return found.allInnerTexts()
}

/** @param refreshes how many there are then */
async function publishAndRefresh({ page }: Marketer, refreshes: number): Promise<void> {
  await page.getByRole('button', { name: 'Publish and refresh' }).click()
  await page.getByRole('heading', { name: 'Runs', level: 1 }).waitFor()
  const ended = page.getByRole('table', { name: 'Runs' }).getByText('Succeeded', { exact: true })
  await ended.nth(refreshes - 1).waitFor()
}
