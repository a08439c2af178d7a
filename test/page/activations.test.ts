/** A marketer sends a segment from the page: dry run, send, a guard that holds, approval, and the way back. */
import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { type Audience, customers, startAudience } from '../support/audience.js'
import { until } from '../support/until.js'
import { needChromium, openBrowser, settled, signIn, violations } from './browser.js'

const SERVER = fileURLToPath(new URL('../../server/main.js', import.meta.url))

describe('activations on the page', function () {
  this.timeout(240_000)
  let browser: Browser
  let audience: Audience
  let page: Page
  let url: string
  let errors: readonly string[]

  before(async function () {
    needChromium(this)
    audience = await startAudience({ serverEntry: SERVER })
    browser = await openBrowser()
    ;({ page, url, errors } = await signIn(browser, audience.stack))
    page.setDefaultTimeout(60_000)
    await audience.haveCustomers(customers(1, 20))
    await audience.refresh()
  })
  after(async () => {
    await browser?.close()
    await audience?.stop()
  })

  const open = async () => {
    await page.goto(`${url}/activations/parisians`)
    await settled(page)
  }
  const click = (name: string) => page.getByRole('button', { name, exact: true }).click()
  const outcome = (word: string) =>
    page.getByRole('table', { name: 'Runs' }).getByText(word, { exact: true }).first().waitFor()

  it('that are not there are told plainly, and so are runs, with a way on', async () => {
    const { page } = await signIn(browser, audience.stack)
    await page.goto(`${url}/activations/nobody`)
    await page.getByRole('heading', { name: 'There is no activation nobody' }).waitFor()
    await page.goto(`${url}/activations/parisians/runs/never-was`)
    await page.getByRole('heading', { name: 'parisians has no such run' }).waitFor()
    assert.deepEqual(await violations(page), [])
    await page.getByRole('link', { name: 'Runs of parisians' }).click()
    await page.getByRole('heading', { name: 'parisians', level: 1 }).waitFor()
    await page.context().close()
  })

  it('are planned without sending, and the plan is shown', async () => {
    await open()
    await click('Dry run')
    await page.getByRole('heading', { name: 'Dry run of parisians' }).waitFor()
    await page.getByText('nothing was sent').waitFor()
    assert.equal(audience.mailer.recipients.size, 0)
    await page.getByRole('heading', { name: 'What would be sent' }).waitFor()
    await page.getByRole('table', { name: 'To be added' }).waitFor()
    assert.deepEqual(await violations(page), [])
  })

  it('are sent from there, and the tool holds the segment', async () => {
    await click('Send now')
    await outcome('Succeeded')
    await page.getByText('20 records').first().waitFor()
    assert.equal(audience.mailer.recipients.size, 20)
  })

  it('wait where a guard holds them, and go on when somebody approves that plan', async () => {
    await audience.haveCustomers(customers(1, 4))
    await audience.refresh()
    await open()
    await click('Send now')
    await page.getByRole('heading', { name: 'Waits for your approval' }).waitFor()
    // Keys go on from where they sent.
    await page.getByRole('button', { name: 'Send now' }).and(page.locator(':focus')).waitFor()
    await page.getByText('removes 16 of 20').first().waitFor()
    assert.deepEqual(await violations(page), [])
    assert.equal(audience.mailer.recipients.size, 20)
    await click('Approve this plan')
    await until(() => audience.mailer.recipients.size === 4)
  })

  it('are taken back run by run, and pause then', async () => {
    await open()
    await page
      .getByRole('table', { name: 'Runs' })
      .getByRole('row')
      .filter({ hasText: 'Succeeded' })
      .first()
      .getByRole('link')
      .click()
    await click('What would undoing do?')
    await page.getByRole('heading', { name: 'Dry run of parisians' }).waitFor()
    assert.equal(audience.mailer.recipients.size, 4)
    await page.goBack()
    await click('Take it back')
    await until(() => audience.mailer.recipients.size === 20)
    await page.getByText('is taken back').first().waitFor()
    await click('Resume')
    await page.getByRole('button', { name: 'Pause', exact: true }).waitFor()
    assert.deepEqual(errors, [])
  })
})
