/** A marketer brings a source in, in a real Chromium: form, test, streams, schedule, first sync, and what its rows say of people. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { type Audience, customers, startAudience } from '../support/audience.js'
import { NARROW, needChromium, openBrowser, overflowOf, settled, signIn, violations } from './browser.js'

const SERVER = fileURLToPath(new URL('../../server/main.js', import.meta.url))
const WAIT_MS = 90_000
const ORDERS = 'order_id,email,total,ordered_at\n1,ada@example.com,12.5,2026-05-01T10:00:00Z\n'
const MORE_ORDERS = `${ORDERS}2,,3,2026-05-02T10:00:00Z\n`

describe('the page of sources', function () {
  this.timeout(300_000)
  let browser: Browser
  let audience: Audience

  before(async function () {
    needChromium(this)
    audience = await startAudience({ serverEntry: SERVER })
    browser = await openBrowser()
  })
  after(async () => {
    await browser?.close()
    await audience?.stop()
  })

  it('brings a source in, from its form to a preview of what its rows say', async () => {
    const { page, url, errors } = await signIn(browser, audience.stack)
    page.setDefaultTimeout(WAIT_MS)
    const faults: string[] = []
    const look = async (where: string) =>
      faults.push(...(await violations(page)).map((violation) => `${where}: ${violation}`))
    await page.goto(`${url}/sources/new`)
    await page.getByRole('link', { name: /^Files/ }).click()
    await page.getByLabel('Name of the source').fill('orders')

    await test(page, './nowhere')
    await page.getByText('The connection does not work').waitFor()
    await look('a failed test')

    await folderOf(page).fill('')
    await send(page, 'notes.txt', 'buy milk')
    await page
      .getByRole('alert')
      .filter({ hasText: 'It cannot be read; send a file that ends with' })
      .waitFor()
    await send(page, 'orders.csv', MORE_ORDERS)
    await page.getByRole('list', { name: 'Files that were sent' }).getByText('orders.csv').waitFor()
    await look('a file that was sent')
    const [, sent] = /^\.\/(uploads\/orders-[a-z2-9]{6})$/.exec(await folderOf(page).inputValue()) ?? []
    assert.ok(sent, 'the form names the folder of the file')
    const file = join(audience.stack.workspaceDir, sent, 'orders.csv')
    assert.equal(await readFile(file, 'utf8'), MORE_ORDERS)

    await page.getByRole('button', { name: 'Test the connection' }).click()
    await page.getByRole('button', { name: /^Details of/ }).click()
    await page
      .getByRole('dialog')
      .getByRole('radio', { name: /one row a record/ })
      .click()
    await page.getByRole('combobox', { name: /A record is known by/ }).click()
    await page.getByRole('option', { name: 'order_id', exact: true }).click()
    await page.keyboard.press('Escape')
    await look('a stream')
    await page.getByRole('button', { name: 'Done' }).click()
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.getByRole('radio', { name: 'Only when somebody asks' }).click()
    await look('the schedule')
    await page.getByRole('button', { name: 'Publish and sync' }).click()

    await page.getByRole('link', { name: /^Map to people/ }).click()
    await page.getByRole('button', { name: 'Take all' }).click()
    await page.getByText(/^\d+ are about somebody/).waitFor()
    await look('the mapping')
    const preview = page.getByRole('region', { name: 'On real rows' })
    const counts = await preview.getByRole('status').getByRole('listitem').allInnerTexts()
    assert.deepEqual(counts.slice(0, 2), [
      '1 are about somebody (50%)',
      '1 are about nobody (50%) and say nothing',
    ])

    // The first refresh ends while somebody maps: what was taken stays.
    const heard = page.waitForResponse((answer) => answer.url().endsWith('/api/v1/vocabulary'))
    await audience.haveCustomers(customers(1, 2))
    await audience.refresh()
    await heard
    await settled(page)
    await preview.getByText(/are about somebody/).waitFor()
    assert.equal(await page.getByRole('button', { name: 'Take all' }).count(), 0)
    assert.deepEqual({ faults, errors }, { faults: [], errors: [] })
    await page.context().close()
  })

  it('takes a newer file in the place of one that was sent, and gives back what was removed', async () => {
    const { page, url, errors } = await signIn(browser, audience.stack)
    page.setDefaultTimeout(WAIT_MS)
    await page.goto(`${url}/sources/orders/settings`)
    const there = page.getByRole('list', { name: 'Files that were sent' }).getByRole('listitem')
    await there.filter({ hasText: `orders.csv ${MORE_ORDERS.length} B` }).waitFor()
    await send(page, 'orders.csv', ORDERS)
    await there.filter({ hasText: `orders.csv ${ORDERS.length} B` }).waitFor()
    await page.getByRole('button', { name: 'Remove orders.csv' }).click()
    await there.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Undo' }).click()
    await there.filter({ hasText: 'orders.csv' }).waitFor()
    assert.equal(await there.count(), 1)
    assert.deepEqual(errors, [])
    await page.context().close()
  })

  it('fits a narrow window in the dark, with what it holds', async () => {
    const { page, url, errors } = await signIn(browser, audience.stack, { theme: 'dark', size: NARROW })
    const faults: string[] = []
    for (const path of ['sources/orders', 'sources/orders/settings', 'sources/orders/rejects', 'runs']) {
      await page.goto(`${url}/${path}`)
      await settled(page)
      faults.push(...(await violations(page)).map((violation) => `${path}: ${violation}`))
      const overflow = await overflowOf(page)
      if (overflow > 0) faults.push(`${path}: is ${overflow} px wider than the window`)
    }
    assert.deepEqual({ faults, errors }, { faults: [], errors: [] })
    await page.context().close()
  })
})

const folderOf = (page: Page) => page.getByRole('textbox', { name: /^Folder/ })

/** Chooses a file of the browser's computer. */
async function send(page: Page, name: string, content: string): Promise<void> {
  const chosen = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Choose files' }).click()
  await (await chosen).setFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(content) })
}

async function test(page: Page, folder: string): Promise<void> {
  await folderOf(page).fill(folder)
  await page.getByRole('button', { name: 'Test the connection' }).click()
}
