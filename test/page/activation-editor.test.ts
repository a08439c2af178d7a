/** A marketer makes an activation on the page: fills the form, mends what it says, publishes, and sees the people in a dry run. */
import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { type Audience, customers, startAudience } from '../support/audience.js'
import { needChromium, openBrowser, type SignedIn, signIn, violations } from './browser.js'

const SERVER = fileURLToPath(new URL('../../server/main.js', import.meta.url))
const WAIT_MS = 90_000

describe('the editor of activations', function () {
  this.timeout(400_000)
  let browser: Browser
  let audience: Audience
  let marketer: SignedIn

  before(async function () {
    needChromium(this)
    audience = await startAudience({ serverEntry: SERVER })
    browser = await openBrowser()
    await audience.haveCustomers(customers(1, 12))
    await audience.refresh()
    marketer = await signIn(browser, audience.stack)
    marketer.page.setDefaultTimeout(WAIT_MS)
  })
  after(async () => {
    await browser?.close()
    await audience?.stop()
  })

  it('takes a segment to a tool without a file: form, a problem mended, publish, dry run', async () => {
    const { page, url, errors } = marketer
    await page.goto(`${url}/segments/parisians`)
    await page.getByRole('link', { name: 'Send this segment …' }).click()
    await page.getByText('12 people').waitFor()
    await page.getByText('No destination is chosen.').first().waitFor()
    await choose(page, 'Destination', /^mailer/)
    // The tool has one object: it and the key are filled in.
    await page.getByRole('radio', { name: 'Keep in step' }).waitFor()
    await page.getByText('Nothing is missing.').waitFor()
    await choose(page, 'Add a value', 'Name')
    await choose(page, 'Add a value', 'City')
    await choose(page, 'What is sent 2', 'A text with values in it …')
    const text = page.getByRole('textbox', { name: 'Text for city' })
    await text.fill('Bonjour {{ traits.nam }}')
    await page.getByText('Nothing makes the trait nam. Did you mean name?').waitFor()
    assert.equal(await page.getByRole('button', { name: 'Publish …' }).isDisabled(), true)
    assert.deepEqual(await violations(page), [])
    await text.fill('Bonjour {{ traits.name }}')
    await page.getByText('Nothing is missing.').waitFor()
    await page.getByRole('textbox', { name: 'Name of this activation' }).fill('greet')
    await page.getByRole('button', { name: 'Publish …' }).click()
    await page
      .getByRole('dialog')
      .getByText('Nothing is sent before somebody asks for it. Look at a dry run first.')
      .waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Publish', exact: true }).click()
    await page.getByRole('button', { name: 'Show what would be sent' }).click()
    await page.getByRole('table', { name: 'Runs' }).getByText('Planned', { exact: true }).waitFor()
    await page.getByRole('table', { name: 'Runs' }).getByRole('link').first().click()
    const added = page.getByRole('table', { name: 'To be added' })
    await added.getByText('c1@example.com').waitFor()
    await added.getByText('Bonjour Customer 1', { exact: true }).waitFor()
    assert.equal(audience.mailer.recipients.size, 0)
    assert.deepEqual(errors, [])
  })
})

/** Chooses from a list that is searched by typing. */
async function choose(page: Page, label: string, option: string | RegExp): Promise<void> {
  await page.getByRole('combobox', { name: label, exact: true }).click()
  await page.getByRole('option', { name: option, exact: typeof option === 'string' }).click()
}
