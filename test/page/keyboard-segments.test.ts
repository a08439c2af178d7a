/** A segment of two conditions, built and published without a mouse: every step by a key. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Locator, Page } from 'playwright-core'
import { type Audience, customers, startAudience } from '../support/audience.js'
import { needChromium, openBrowser, settled, signIn, violations } from './browser.js'

const SERVER = fileURLToPath(new URL('../../server/main.js', import.meta.url))
/** More stops than any way through the builder has. */
const MOST_STOPS = 60

describe('the builder by keyboard', function () {
  this.timeout(300_000)
  let browser: Browser
  let audience: Audience
  let page: Page
  let url: string
  let errors: readonly string[]

  before(async function () {
    needChromium(this)
    audience = await startAudience({ serverEntry: SERVER })
    await audience.haveCustomers(customers(1, 8))
    await audience.refresh()
    browser = await openBrowser()
    ;({ page, url, errors } = await signIn(browser, audience.stack))
    page.setDefaultTimeout(90_000)
  })
  after(async () => {
    await browser?.close()
    await audience?.stop()
  })

  const hasFocus = async (what: Locator) => (await what.and(page.locator(':focus')).count()) > 0

  /** Goes on with Tab until the focus is there: where it never comes, the keyboard does not reach it. */
  async function tabTo(what: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
    await what.waitFor()
    for (let stop = 0; stop < MOST_STOPS; stop += 1) {
      if (await hasFocus(what)) return
      await page.keyboard.press(key)
    }
    throw new Error(`tabbing to ${what}: the focus does not come there`)
  }

  /** Goes down a menu. */
  async function arrowTo(what: Locator): Promise<void> {
    for (let stop = 0; stop < MOST_STOPS; stop += 1) {
      if (await hasFocus(what)) return
      await page.keyboard.press('ArrowDown')
    }
    throw new Error(`going down to ${what}: the focus does not come there`)
  }

  /** Waits until the focus is there by itself. */
  async function focused(what: Locator): Promise<void> {
    await what.and(page.locator(':focus')).waitFor()
  }

  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const choice = (name: string) => page.getByRole('combobox', { name, exact: true })

  it('builds a segment of two conditions, counts it, saves and publishes it', async () => {
    await page.goto(`${url}/segments/new`)
    await settled(page)
    await tabTo(page.getByRole('textbox', { name: 'Name' }))
    await page.keyboard.type('Reachable Parisians')

    await tabTo(button('Add the first condition'))
    await page.keyboard.press('Enter')
    await focused(page.getByRole('menuitem', { name: /^What they are/ }))
    await page.keyboard.press('Enter')
    await focused(choice('Trait'))
    await page.keyboard.type('city')
    await page.getByRole('option', { name: /^city/ }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await tabTo(choice('Value of city'))
    await page.keyboard.type('Paris')

    await tabTo(button('Add a condition'))
    await page.keyboard.press('Enter')
    await focused(page.getByRole('menuitem', { name: /^What they are/ }))
    await arrowTo(page.getByRole('menuitem', { name: /^How they can be reached/ }))
    await page.keyboard.press('Enter')
    await focused(choice('Known or not'))

    await tabTo(button('More for this condition').first(), 'Shift+Tab')
    await page.keyboard.press('Enter')
    await focused(page.getByRole('menuitem', { name: 'Move down' }))
    await page.keyboard.press('Escape')

    await page.getByText('100% of 8').waitFor()
    await tabTo(button('Publish …'), 'Shift+Tab')
    assert.deepEqual(errors, [])
    assert.deepEqual(await violations(page), [])
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog')
    await tabTo(dialog.getByRole('button', { name: 'Publish', exact: true }))
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Reachable Parisians' }).waitFor()
    assert.equal(
      await readFile(join(audience.stack.workspaceDir, 'segments/reachable-parisians.yaml'), 'utf8'),
      'name: Reachable Parisians\nwho:\n  all:\n    - trait: city\n      eq: Paris\n    - identifier: email\n      exists: true\n',
    )
  })
})
