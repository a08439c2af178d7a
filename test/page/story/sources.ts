/** The marketer connects the shop's database and a file by their forms, and sees them sync, whatever happens to the worker. */
import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { signalProcess } from '../../../local/process-identity.js'
import { findProcess } from '../../crash/strike.js'
import { formatted, readTable } from './expected.js'
import { choose, goTo, look, type Marketer } from './marketer.js'
import type { Stage } from './stage.js'

/** From the first page, which says what to begin with. */
export async function connectTheShopsDatabase(marketer: Marketer, { shop, line }: Stage): Promise<void> {
  const { page } = marketer
  await goTo(marketer, 'Overview')
  await look(marketer, 'Overview of an empty workspace')
  await page.getByRole('link', { name: 'Add a source' }).click()
  await page.getByRole('link', { name: /^PostgreSQL/ }).click()
  await fill(page, 'Name of the source', 'shop')
  await fill(page, 'Host', '127.0.0.1')
  await fill(page, 'Port', String(line.port))
  await fill(page, 'Database', shop.postgres.database)
  await fill(page, 'User', shop.postgres.user)
  await fill(page, 'Password', shop.password)
  await look(marketer, 'The form of a source')
  await page.getByRole('button', { name: 'Test the connection' }).click()
  await page.getByText('2 of 2 streams chosen').waitFor()
  await look(marketer, 'The streams of a source')
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByRole('radio', { name: 'Only when somebody asks' }).click()
  await page.getByRole('button', { name: 'Publish and sync' }).click()
  await page.getByRole('heading', { name: 'shop', level: 1 }).waitFor()
}

/** The worker dies at a moment when rows of orders have come and others are still to come: the page says so. */
export async function seeItSyncWhileTheWorkerIsKilled(marketer: Marketer, stage: Stage): Promise<void> {
  const { page } = marketer
  const orders = page
    .getByRole('table', { name: 'Streams of this run' })
    .getByRole('row')
    .filter({ hasText: 'public.orders' })
  await orders.getByText('Running', { exact: true }).waitFor()
  await orders
    .locator('[data-title="Rows"]')
    .getByText(/^[1-9][\d,]*$/)
    .waitFor()
  await look(marketer, 'A source that syncs')
  signalProcess(await findProcess(stage.stack.workspaceDir, 'worker 1'), 'SIGKILL')
  stage.line.open()
}

/** Without anybody's doing. */
export async function seeItFinishAllTheSame(marketer: Marketer, { data }: Stage): Promise<void> {
  const { page } = marketer
  const runs = page.getByRole('table', { name: 'Last runs' })
  await runs.getByText('Succeeded', { exact: true }).waitFor()
  await runs.getByRole('link', { name: 'Sync of shop' }).click()
  await page.getByRole('heading', { name: 'Sync of shop', level: 1 }).waitFor()
  await page.getByText('Ended', { exact: true }).waitFor()
  const streams = await readTable(page.getByRole('table', { name: 'Streams of this run' }), 3)
  assert.deepEqual(streams.toSorted(), [
    ['public.customers', 'Succeeded', formatted(data.customers.length)],
    ['public.orders', 'Succeeded', formatted(data.orders.length)],
  ])
  await look(marketer, 'A run that ended')
}

/** What somebody exports from the loyalty programme every week. */
export async function connectTheLoyaltyFile(marketer: Marketer, { data }: Stage): Promise<void> {
  const { page } = marketer
  await goTo(marketer, 'Sources')
  await page.getByRole('link', { name: 'Add a source' }).click()
  await page.getByRole('link', { name: /^Files/ }).click()
  await fill(page, 'Name of the source', 'loyalty')
  await fill(page, /^Folder/, './exports')
  await page.getByRole('button', { name: 'Test the connection' }).click()
  await page.getByRole('button', { name: 'Details of members' }).click()
  const details = page.getByRole('dialog', { name: 'members' })
  await details.getByRole('radio', { name: 'Everything each time, one row a record' }).check()
  await choose(page, /^A record is known by/, 'member_id')
  await page.keyboard.press('Escape')
  await details.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByRole('radio', { name: 'Only when somebody asks' }).click()
  await page.getByRole('button', { name: 'Publish and sync' }).click()
  const runs = page.getByRole('table', { name: 'Last runs' })
  await runs
    .getByRole('row')
    .filter({ hasText: 'Succeeded' })
    .getByText(`${formatted(data.loyalty.length)} rows`)
    .waitFor()
  await look(marketer, 'A source with data')
}

async function fill(page: Page, name: string | RegExp, value: string): Promise<void> {
  await page.getByRole('textbox', { name }).fill(value)
}
