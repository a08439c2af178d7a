/** A marketer brings a source in, in a real Chromium: form, test, streams, schedule, first sync, and what its rows say of people. */
import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { type Audience, startAudience } from '../support/audience.js'
import { NARROW, needChromium, openBrowser, overflowOf, settled, signIn, violations } from './browser.js'

const SERVER = fileURLToPath(new URL('../../server/main.js', import.meta.url))
const WAIT_MS = 90_000

describe('the page of sources', function () {
  this.timeout(300_000)
  let browser: Browser
  let audience: Audience

  before(async function () {
    needChromium(this)
    audience = await startAudience({ serverEntry: SERVER })
    const folder = join(audience.stack.workspaceDir, 'orders')
    await mkdir(folder, { recursive: true })
    await writeFile(
      join(folder, 'orders.csv'),
      'order_id,email,total,ordered_at\n1,ada@example.com,12.5,2026-05-01T10:00:00Z\n2,,3,2026-05-02T10:00:00Z\n',
    )
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

    await test(page, './orders')
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
    assert.deepEqual({ faults, errors }, { faults: [], errors: [] })
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

async function test(page: Page, folder: string): Promise<void> {
  await page.getByRole('textbox', { name: /^Folder/ }).fill(folder)
  await page.getByRole('button', { name: 'Test the connection' }).click()
}
