/** The marketer builds "spent over 500 and not bought for 60 days", sees it counted at each edit, and why one person is in it. */
import assert from 'node:assert/strict'
import { formatted } from './expected.js'
import { choose, goTo, look, type Marketer } from './marketer.js'
import { theHeroine } from './person.js'
import { boughtWithin, lapsed, purchasesOf, spentBy } from './shop-data.js'
import type { Stage } from './stage.js'

export const SEGMENT = 'Lapsed big spenders'

/** Every count that shows on the way is exact. */
export async function buildTheSegment(marketer: Marketer, { data, now }: Stage): Promise<void> {
  const { page } = marketer
  await goTo(marketer, 'Segments')
  await page.getByRole('link', { name: 'Build the first one' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill(SEGMENT)
  const conditions = page.getByRole('group', { name: 'All of these conditions' }).getByRole('listitem')

  await page.getByRole('button', { name: 'Add the first condition' }).click()
  await page.getByRole('menuitem', { name: /^What they did/ }).click()
  const spent = conditions.nth(0)
  await choose(spent, 'Event', /^Order Completed/)
  assert.equal(await counted(marketer), boughtWithin(data, 30, now).size)
  await choose(spent, 'When', 'at any time')
  assert.equal(await counted(marketer), new Set(purchasesOf(data).map(({ customer }) => customer)).size)
  await choose(spent, 'How often or how much', 'so much')
  await choose(spent, 'Property that is computed with', /^total/)
  await choose(spent, 'Comparison of what is computed', 'is more than')
  await spent.getByRole('textbox', { name: 'Value to compare with' }).fill('500')
  const big = [...spentBy(data).values()].filter((amount) => amount > 500)
  assert.equal(await counted(marketer), big.length)

  await page.getByRole('button', { name: 'Add a condition' }).click()
  await page.getByRole('menuitem', { name: /^What they did/ }).click()
  const bought = conditions.nth(1)
  await choose(bought, 'Event', /^Order Completed/)
  await choose(bought, 'Holds or not', 'except who')
  assert.equal(await counted(marketer), lapsed(data, 500, 30, now).length)
  await bought.getByRole('textbox', { name: 'Length of time', exact: true }).fill('60')
  assert.equal(await counted(marketer), lapsed(data, 500, 60, now).length)
  await look(marketer, 'The builder')
}

/** What is published is counted and kept up to date. */
export async function publishTheSegment(marketer: Marketer, { data, now }: Stage): Promise<void> {
  const { page } = marketer
  await page.getByRole('button', { name: 'Publish …' }).click()
  const dialog = page.getByRole('dialog', { name: `Publish ${SEGMENT}` })
  await dialog.getByRole('button', { name: 'Publish', exact: true }).click()
  await page.getByRole('heading', { name: SEGMENT, level: 1 }).waitFor()
  await page.getByText(/^counted /).waitFor()
  await page
    .getByText(formatted(lapsed(data, 500, 60, now).length), { exact: true })
    .first()
    .waitFor()
}

/** Both conditions, each with the facts that decided it. */
export async function seeWhySomebodyIsInIt(marketer: Marketer, stage: Stage): Promise<void> {
  const { page } = marketer
  const { id, email } = theHeroine(stage)
  await page.getByRole('tab', { name: 'Why' }).click()
  await page.getByRole('combobox', { name: 'Whom is it about?' }).fill(email)
  await page.getByRole('option', { name: email }).click()
  await page.getByText('Fulfils it now').waitFor()
  const panel = page.getByRole('tabpanel', { name: 'Why' })
  await panel.getByText(`that makes ${formatted(spentBy(stage.data).get(id)!)}`).waitFor()
  await look(marketer, 'Why somebody is in a segment')
}

/** The number of people, once it is that of what stands in the builder. */
async function counted({ page }: Marketer): Promise<number> {
  const panel = page.getByRole('complementary', { name: 'How many people' })
  await panel.getByText(/^counted in /).waitFor()
  const text = await panel.getByText(/^[\d,]+$/).textContent()
  return Number(text?.replaceAll(',', ''))
}
