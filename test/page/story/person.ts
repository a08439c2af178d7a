/** The marketer looks one person up: what they did, what is known of them and from where, and why they are one person. */
import assert from 'node:assert/strict'
import { formatted, readTable } from './expected.js'
import { goTo, look, type Marketer } from './marketer.js'
import { type Customer, lapsed, purchasesOf, type ShopData } from './shop-data.js'
import type { Stage } from './stage.js'

/** A customer who spent much, has not come for long, and has a golden card. */
export function theHeroine({ data, now }: Stage): Customer {
  return lapsed(data, 500, 60, now).find((customer) => cardOf(data, customer)?.tier === 'gold')!
}

/** By the beginning of an address. */
export async function findAPerson(marketer: Marketer, stage: Stage): Promise<void> {
  const { page } = marketer
  const { name, email } = theHeroine(stage)
  await goTo(marketer, 'Profiles')
  await page.getByRole('combobox', { name: 'Find a person' }).fill(email.split('@')[0]!)
  await page.getByRole('option', { name: email }).click()
  await page.getByRole('heading', { name, level: 1 }).waitFor()
}

/** Each purchase, the newest first, and nothing that was not paid. */
export async function seeWhatTheyDid(marketer: Marketer, stage: Stage): Promise<void> {
  const { page } = marketer
  const { id } = theHeroine(stage)
  const purchases = purchasesOf(stage.data).filter(({ customer }) => customer === id)
  const timeline = page.getByRole('tabpanel', { name: 'Timeline' })
  const older = timeline.getByRole('button', { name: 'Show older ones' })
  await timeline.getByText('Order Completed').first().waitFor()
  await look(marketer, 'A person')
  while (await older.isVisible()) {
    const shown = await timeline.getByRole('listitem').count()
    await older.click()
    await timeline.getByRole('listitem').nth(shown).waitFor()
  }
  await timeline.getByText('That is all.').waitFor()
  const totals = await timeline.getByText(/^total: /).allInnerTexts()
  assert.deepEqual(totals.toSorted(), purchases.map(({ total }) => `total: ${formatted(total)}`).toSorted())
}

export async function seeWhatIsKnownAndFromWhere(marketer: Marketer, stage: Stage): Promise<void> {
  const { page } = marketer
  const { name, city } = theHeroine(stage)
  const known = page.getByRole('region', { name: 'What is known' }).getByRole('listitem')
  const traits = (await known.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' '))
  const since = /, \d{1,2} \w+ \d{4}$/
  assert.deepEqual(
    traits.map((text) => text.replace(since, '')),
    [`city ${city} from shop`, `name ${name} from shop`, 'tier gold from loyalty'],
  )
}

/** The address joins the shop's customer to the row of the file. */
export async function seeWhyTheyAreOnePerson(marketer: Marketer, stage: Stage): Promise<void> {
  const { page } = marketer
  const customer = theHeroine(stage)
  const card = cardOf(stage.data, customer)!
  await page.getByRole('tab', { name: 'Why one person' }).click()
  const links = await readTable(page.getByRole('table', { name: 'Links' }), 3)
  assert.deepEqual(links.toSorted(), [
    [`customer id ${customer.id}`, `email ${customer.email}`, '1 row of shop (mapping customers)'],
    [`email ${customer.email}`, `member id ${card.member_id}`, '1 row of loyalty (mapping members)'],
  ])
  await look(marketer, 'Why somebody is one person')
}

const cardOf = ({ loyalty }: ShopData, { email }: Customer) =>
  loyalty.find((member) => member.email.toLowerCase() === email)
