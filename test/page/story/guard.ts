/** Most of the segment buys again: the guard holds what would remove them, until somebody approves it; and the way back. */
import assert from 'node:assert/strict'
import type { MailerMessage } from '../../../examples/grocer/mailer/server.js'
import { until } from '../../support/until.js'
import { formatted } from './expected.js'
import { goTo, look, type Marketer } from './marketer.js'
import { countsOf, heldBy, openActivation, openRun, recordsOf } from './sending.js'
import { type Customer, lapsed } from './shop-data.js'
import { addOrders, type Stage } from './stage.js'

/** Who is in the segment, and buys again: four of five. */
const returning = (stage: Stage): readonly Customer[] => members(stage).filter((_, index) => index % 5 > 0)
const members = ({ data, now }: Stage): readonly Customer[] => lapsed(data, 500, 60, now)
const staying = (stage: Stage): readonly Customer[] => members(stage).filter((_, index) => index % 5 === 0)

/** In the shop; the page hears of it by a sync that somebody asks for, and the people follow by themselves. */
export async function manyBuyAgain(marketer: Marketer, stage: Stage): Promise<void> {
  const { page } = marketer
  const { data, shop } = stage
  const at = new Date()
  await addOrders(
    shop,
    returning(stage).map(({ id }, index) => ({
      id: data.orders.length + 1 + index,
      customer: id,
      total: 10,
      status: 'paid',
      at,
    })),
  )
  await goTo(marketer, 'Sources')
  await page.getByRole('table', { name: 'Sources' }).getByRole('link', { name: 'shop' }).click()
  await page.getByRole('button', { name: 'Sync now' }).click()
  await page
    .getByRole('table', { name: 'Last runs' })
    .getByText('Succeeded', { exact: true })
    .nth(1)
    .waitFor()
  await goTo(marketer, 'Segments')
  await page.getByRole('cell', { name: formatted(staying(stage).length), exact: true }).waitFor()
}

/** Nothing is sent: what would be is on show. */
export async function seeTheGuardHoldIt(marketer: Marketer, stage: Stage): Promise<void> {
  const { page } = marketer
  const sent = stage.messages.length
  await openActivation(marketer)
  await page.getByRole('button', { name: 'Send now' }).click()
  await page.getByRole('heading', { name: 'Waits for your approval' }).waitFor()
  const [leaving, there] = [returning(stage).length, members(stage).length]
  await page.getByText(`removes ${formatted(leaving)} of ${formatted(there)}`).waitFor()
  assert.deepEqual(await countsOf(marketer), [
    'Added 0 are not there yet',
    'Changed 0 have other values now',
    `Removed ${formatted(leaving)} are not in the segment any more`,
    `In step ${formatted(staying(stage).length)} are there as they should be: nothing is sent`,
  ])
  assert.equal(stage.messages.length, sent)
  await look(marketer, 'A plan that waits')
}

/** Exactly those who left are taken out. */
export async function approveIt(marketer: Marketer, stage: Stage): Promise<void> {
  const { page } = marketer
  const sent = stage.messages.length
  await page.getByRole('button', { name: 'Approve this plan' }).click()
  await page.getByRole('table', { name: 'Runs' }).getByText('Succeeded', { exact: true }).nth(1).waitFor()
  assert.deepEqual(matchesOf(stage.messages.slice(sent), 'remove'), emailsOf(returning(stage)))
  assert.deepEqual(heldBy(stage), recordsOf(stage.data, staying(stage)))
}

/** First what it would do, then the deed: they are there again as they were, and nothing runs by itself any more. */
export async function takeItBack(marketer: Marketer, stage: Stage): Promise<void> {
  const { page } = marketer
  const sent = stage.messages.length
  await openRun(marketer, 'Succeeded')
  await page.getByText('Approved by Mara Keller').waitFor()
  await page.getByRole('button', { name: 'Take it back' }).click()
  await page.getByText('is taken back').first().waitFor()
  await until(() => stage.mailer.recipients.size === members(stage).length, 120_000)
  assert.deepEqual(matchesOf(stage.messages.slice(sent), 'upsert'), emailsOf(returning(stage)))
  assert.deepEqual(heldBy(stage), recordsOf(stage.data, members(stage)))
  await page.getByRole('table', { name: 'Runs' }).getByText('Succeeded', { exact: true }).nth(2).waitFor()
  await look(marketer, 'An activation that was taken back')
}

/** Addresses in messages of one operation; there are no others. */
function matchesOf(messages: readonly MailerMessage[], operation: string): unknown[] {
  assert.deepEqual([...new Set(messages.map((message) => message.operation))], [operation])
  return messages.flatMap(({ records = [] }) => records.map(({ match }) => match.email)).toSorted()
}

const emailsOf = (customers: readonly Customer[]): string[] => customers.map(({ email }) => email).toSorted()
