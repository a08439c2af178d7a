/** How long data is kept, set in a real Chromium: what is in force, the question before less is kept, and what went. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { apply } from '../../operations/apply.js'
import { applyRetention } from '../../operations/retention.js'
import { leaveOldSales, SALES_FILES } from '../support/old-sales.js'
import { startTestStack, type TestStack } from '../support/stack.js'
import { syncAndWait } from '../support/sync.js'
import { needChromium, openBrowser, settled, signIn, violations } from './browser.js'

const SERVER = fileURLToPath(new URL('../../server/main.js', import.meta.url))

describe('how long data is kept, on the page', function () {
  this.timeout(300_000)
  let browser: Browser
  let stack: TestStack
  let page: Page
  let url: string
  let errors: readonly string[]

  before(async function () {
    needChromium(this)
    stack = await startTestStack({ serverEntry: SERVER })
    await stack.write(SALES_FILES)
    await apply(stack.context, { author: 'test' })
    await syncAndWait(stack, 'till')
    await leaveOldSales(stack)
    browser = await openBrowser()
    ;({ page, url, errors } = await signIn(browser, stack))
    page.setDefaultTimeout(90_000)
  })
  after(async () => {
    await browser?.close()
    await stack?.stop()
  })

  const open = async () => {
    await page.goto(`${url}/settings/retention`)
    await settled(page)
  }
  const inForce = async () => {
    const lines = page.getByRole('region', { name: 'In force now' }).getByRole('listitem')
    await lines.first().waitFor()
    return lines.allInnerTexts()
  }
  const keepRawFor = async (unit: string) => {
    await page.getByRole('combobox', { name: 'Loaded rows: unit' }).click()
    await page.getByRole('option', { name: unit }).click()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
  }
  const picture = async (name: string) => {
    const folder = process.env.TRIBUTARY_PICTURES
    if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
  }

  it('says what is in force, also where the file says nothing', async () => {
    await open()
    assert.deepEqual(await inForce(), [
      'Loaded rows: for ever',
      'Rejected rows: 90 days',
      'Who did what: for ever',
    ])
    await page.getByText('Nothing was removed yet.').waitFor()
    assert.deepEqual(await violations(page), [])
    await picture('retention')
  })

  it('asks before less is kept, with how much would go, and leaves it on request', async () => {
    await keepRawFor('years')
    const dialog = page.getByRole('dialog', { name: 'Keep data for a shorter time?' })
    await dialog.getByText('1 raw row older than 1 year').waitFor()
    await dialog.getByText('till.sales (1)').waitFor()
    assert.deepEqual(await violations(page), [])
    await picture('retention-asks')
    await dialog.getByRole('button', { name: 'Keep it as it is' }).click()
    await dialog.waitFor({ state: 'hidden' })
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await dialog.getByRole('button', { name: 'Save the shorter time' }).click()
    await page.getByText('Saved; it counts once it is published').waitFor()
  })

  it('counts once it is published, and says what went', async () => {
    await apply(stack.context, { author: 'test' })
    await (await applyRetention(stack.context)).result()
    await open()
    assert.deepEqual((await inForce())[0], 'Loaded rows: 1 year')
    await page.getByText(/^Removed .*: 1 raw row, 1 rejected row; about/).waitFor()
    assert.deepEqual(await violations(page), [])
    await picture('retention-removed')
  })

  it('does not ask where more is kept', async () => {
    await keepRawFor('for ever')
    await page.getByText('Saved; it counts once it is published').waitFor()
    assert.deepEqual(errors, [])
  })
})
