/** The marketer sends the segment to the mailing tool: connected by its form, tried in a dry run, sent, and seen to arrive. */
import assert from 'node:assert/strict'
import { formatted } from './expected.js'
import { choose, goTo, look, type Marketer } from './marketer.js'
import { SEGMENT } from './segment.js'
import { type Customer, lapsed, type ShopData } from './shop-data.js'
import type { Stage } from './stage.js'

export const ACTIVATION = 'win-back'

/** On the way from the segment to the tool: who has none yet is led to its form, and back. */
export async function connectTheMailingTool(marketer: Marketer, { mailer }: Stage): Promise<void> {
  const { page } = marketer
  await goTo(marketer, 'Segments')
  await page.getByRole('table', { name: 'Segments' }).getByRole('link', { name: SEGMENT }).click()
  await page.getByRole('link', { name: 'Send this segment …' }).click()
  await page.getByRole('link', { name: 'Connect a destination' }).click()
  await page.getByRole('link', { name: /^Webhook/ }).click()
  await page.getByRole('textbox', { name: 'Name of the destination' }).fill('mailer')
  await page.getByRole('textbox', { name: /^Address/ }).fill(mailer.url)
  await page.getByRole('textbox', { name: /^Signing secret/ }).fill(mailer.secret)
  await page.getByRole('button', { name: 'Test the connection' }).click()
  await page.getByText('The connection works').waitFor()
  await look(marketer, 'The form of a destination')
  await page.getByRole('button', { name: 'Publish', exact: true }).click()
  await page.getByRole('heading', { name: 'New activation', level: 1 }).waitFor()
}

/** By their address, with their name and the colour of their card. */
export async function sayWhatTheToolGets(marketer: Marketer): Promise<void> {
  const { page } = marketer
  await page.getByRole('radio', { name: 'Keep in step' }).waitFor()
  await choose(page, 'Add a value', 'Name')
  await choose(page, 'Add a value', 'Tier')
  await page.getByRole('textbox', { name: 'Name of this activation' }).fill(ACTIVATION)
  await page.getByText('Nothing is missing.').waitFor()
  await look(marketer, 'The editor of an activation')
  await page.getByRole('button', { name: 'Publish …' }).click()
  const dialog = page.getByRole('dialog', { name: `Publish ${ACTIVATION}` })
  await dialog.getByRole('button', { name: 'Publish', exact: true }).click()
  await page.getByRole('heading', { name: ACTIVATION, level: 1 }).waitFor()
}

/** What would be added, and nothing sent. */
export async function seeADryRun(marketer: Marketer, stage: Stage): Promise<void> {
  const { page } = marketer
  await page.getByRole('button', { name: 'Show what would be sent' }).click()
  await page.getByRole('heading', { name: `Dry run of ${ACTIVATION}`, level: 1 }).waitFor()
  const members = lapsed(stage.data, 500, 60, stage.now)
  assert.deepEqual(await countsOf(marketer), [
    `Added ${formatted(members.length)} are not there yet`,
    'Changed 0 have other values now',
    'Removed 0 are not in the segment any more',
    'In step 0 are there as they should be: nothing is sent',
  ])
  await page.getByRole('table', { name: 'To be added' }).waitFor()
  assert.equal(stage.messages.length, 0)
  await look(marketer, 'A dry run')
}

/** Everybody of the segment, each with what is known of them, under signatures that hold. */
export async function sendIt(marketer: Marketer, stage: Stage): Promise<void> {
  const { page } = marketer
  await openActivation(marketer)
  await page.getByRole('button', { name: 'Send now' }).click()
  await page.getByRole('table', { name: 'Runs' }).getByText('Succeeded', { exact: true }).waitFor()
  const members = lapsed(stage.data, 500, 60, stage.now)
  assert.deepEqual(heldBy(stage), recordsOf(stage.data, members))
  assert.deepEqual([...new Set(stage.messages.map(({ operation }) => operation))], ['upsert'])
}

/** The first run with an outcome, the newest first. */
export async function openRun(marketer: Marketer, outcome: string, nth = 0): Promise<void> {
  const { page } = marketer
  const runs = page.getByRole('table', { name: 'Runs' }).getByRole('row').filter({ hasText: outcome })
  await runs.nth(nth).getByRole('link').click()
  await page.getByRole('heading', { name: `Run of ${ACTIVATION}`, level: 1 }).waitFor()
}

export async function openActivation(marketer: Marketer): Promise<void> {
  const { page } = marketer
  await goTo(marketer, 'Activations')
  await page.getByRole('table', { name: 'Activations' }).getByRole('link', { name: ACTIVATION }).click()
  await page.getByRole('heading', { name: ACTIVATION, level: 1 }).waitFor()
}

/** What a plan would do, a line a number. */
export async function countsOf({ page }: Marketer): Promise<string[]> {
  const numbers = page.locator('dl').filter({ hasText: 'are not there yet' }).locator('> *')
  await numbers.first().waitFor()
  return (await numbers.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ').trim())
}

/** What the mailing tool holds now, by address. */
export const heldBy = ({ mailer }: Stage): Record<string, unknown> =>
  Object.fromEntries([...mailer.recipients].map(([match, fields]) => [match, fields]).toSorted())

/** What it should hold of these customers. */
export function recordsOf(data: ShopData, customers: readonly Customer[]): Record<string, unknown> {
  const tiers = new Map(data.loyalty.map(({ email, tier }) => [email.toLowerCase(), tier]))
  const records = customers.map(({ email, name }) => [
    JSON.stringify({ email }),
    { name, tier: tiers.get(email) ?? null },
  ])
  return Object.fromEntries(records.toSorted())
}
