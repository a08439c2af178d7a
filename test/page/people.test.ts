/** Who is who, said on the page: two people are merged and one is split off, each after seeing what it would do, and both are taken back. */
import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { listRecords } from '../../operations/people/records.js'
import { type Audience, customers, startAudience } from '../support/audience.js'
import { needChromium, openBrowser, settled, signIn, violations } from './browser.js'

const SERVER = fileURLToPath(new URL('../../server/main.js', import.meta.url))

describe('who is who on the page', function () {
  this.timeout(600_000)
  let browser: Browser
  let audience: Audience
  let page: Page
  let url: string
  let errors: readonly string[]

  before(async function () {
    needChromium(this)
    audience = await startAudience({ serverEntry: SERVER })
    await audience.haveCustomers(customers(1, 6))
    await audience.refresh()
    browser = await openBrowser()
    ;({ page, url, errors } = await signIn(browser, audience.stack))
    page.setDefaultTimeout(90_000)
  })
  after(async () => {
    await browser?.close()
    await audience?.stop()
  })

  const dialog = () => page.getByRole('dialog')
  const click = (name: string) => page.getByRole('button', { name, exact: true }).click()
  const find = async (address: string) => {
    await page.goto(`${url}/profiles`)
    await settled(page)
    await page.getByRole('combobox', { name: 'Find a person' }).fill(address)
    await page.getByRole('option').first().click()
    await page.getByRole('heading', { level: 1, name: /^Customer/ }).waitFor()
  }
  const records = async () =>
    (await listRecords(audience.stack.context)).map(({ kind, note, undone }) => [kind, note, undone])

  it('is merged after a simulation, and taken back', async () => {
    await find('c1@example.com')
    await click('Merge with …')
    await dialog().getByRole('combobox', { name: 'Who is the same person?' }).fill('c2@example.com')
    await dialog().getByRole('option').first().click()
    await dialog().getByText('1 person becomes part of another one. There are 5 people then').waitFor()
    await dialog()
      .getByText(/^Parisians: 1 person goes out\. It has 5 members then, instead of 6\./)
      .waitFor()
    assert.deepEqual(await violations(page), [])
    await dialog().getByRole('textbox', { name: 'Why' }).fill('Same household')
    await click('Merge them')
    await page.getByText('are one person now').waitFor()
    assert.deepEqual(await records(), [['merge', 'Same household', false]])
    await audience.refresh()
    await find('c2@example.com')
    await page.getByText('c1@example.com', { exact: true }).waitFor()

    await page.getByRole('tab', { name: 'Why one person' }).click()
    await page.getByText('merged customer id').waitFor()
    await click('Undo')
    await page.getByText('Taken back; it shows with the next refresh.').waitFor()
    await audience.refresh()
    await find('c2@example.com')
    await page.getByRole('button', { name: 'Copy email c2@example.com' }).waitFor()
    assert.equal(await page.getByText('c1@example.com', { exact: true }).count(), 0)
  })

  it('is split after a simulation', async () => {
    await find('c5@example.com')
    await page.getByRole('tab', { name: 'Why one person' }).click()
    const split = async () => {
      await click('Split off email c5@example.com')
      await dialog().getByText('1 person comes out of another one. There are 7 people then').waitFor()
      assert.deepEqual(await violations(page), [])
      await click('Split it off')
      await page.getByText('email c5@example.com is a person of its own now').waitFor()
    }
    await split()
    await dialog().waitFor({ state: 'detached' })
    await page.keyboard.press('Control+z')
    await page.getByText('Taken back; it shows with the next refresh.').waitFor()
    assert.deepEqual((await records()).slice(0, 2), [
      ['undone', '', false],
      ['split', '', true],
    ])
    await split()
    await audience.refresh()
    // The page that is open follows by itself.
    await page.getByRole('button', { name: 'Split off email c5@example.com' }).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Copy email c5@example.com' }).waitFor({ state: 'detached' })
    await find('5')
    assert.equal(await page.getByText('c5@example.com', { exact: true }).count(), 0)
    assert.deepEqual(errors, [])
  })
})
