/** A marketer makes an activation on the page: fills the form, mends what it says, publishes, and sees the people in a dry run. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { parse } from 'yaml'
import { addMember } from '../../operations/members/members.js'
import { type Audience, customers, startAudience } from '../support/audience.js'
import { needChromium, openBrowser, type SignedIn, signIn, violations } from './browser.js'
import { faultsOf } from './look-through.js'

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
    for (const [name, role] of [
      ['Ada', 'marketer'],
      ['Vera', 'viewer'],
    ] as const)
      await addMember(audience.stack.context, { name, role, by: 'test' })
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
    const added = page.getByRole('table', { name: 'To be added' })
    await added.getByText('c1@example.com').waitFor()
    await added.getByText('Bonjour Customer 1', { exact: true }).waitFor()
    assert.equal(audience.mailer.recipients.size, 0)
    assert.deepEqual(errors, [])
  })

  it('shows both where two people change one activation, and loses neither edit', async () => {
    const other = await signIn(browser, audience.stack, { member: 'Ada' })
    other.page.setDefaultTimeout(WAIT_MS)
    const mine = marketer.page
    for (const { page } of [marketer, other]) {
      await page.goto(`${marketer.url}/activations/parisians/edit`)
      await page.getByText('It is as it is published.').waitFor()
    }
    await choose(mine, 'Only who consented to', 'marketing')
    await mine.keyboard.press('Escape')
    await choose(other.page, 'Add a value', 'City')
    await save(other.page)
    await mine.getByText('Nothing is missing.').waitFor()
    await mine.getByRole('button', { name: 'Save as draft' }).click()
    const dialog = mine.getByRole('dialog', { name: 'Somebody else changed this meanwhile' })
    await dialog.getByText('fields.city', { exact: true }).waitFor()
    await dialog.getByText('consent', { exact: true }).waitFor()
    await dialog
      .getByRole('region', { name: 'Theirs, as it is saved' })
      .getByText('city: traits.city')
      .waitFor()
    assert.deepEqual(await violations(mine), [])
    await dialog.getByRole('button', { name: 'Keep both' }).click()
    await save(mine)
    const file = parse(
      await readFile(join(audience.stack.workspaceDir, 'activations/parisians.yaml'), 'utf8'),
    )
    assert.deepEqual(
      [file.consent, file.fields, file.guards],
      [
        ['marketing'],
        { name: 'traits.name', origin: { constant: 'tributary' }, city: 'traits.city' },
        { max_removes: { share: 0.5 }, on_breach: 'await_approval' },
      ],
    )
    await other.page.context().close()
  })

  it('is filled in and saved by keyboard alone', async () => {
    const { page, url } = marketer
    await page.goto(`${url}/activations/new`)
    await page.getByRole('heading', { name: 'Where it is sent' }).waitFor()
    await reach(page, 'Segment')
    await page.keyboard.type('Paris')
    await page.getByRole('option', { name: /^Parisians/ }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await reach(page, 'Destination')
    await page.keyboard.type('mailer')
    await page.getByRole('option', { name: /^mailer/ }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByText('Nothing is missing.').waitFor()
    const passed = await reach(page, 'Save as draft')
    for (const name of [
      'What somebody is found by',
      'Add a value',
      'People who leave',
      'Name of this activation',
    ])
      assert.ok(passed.includes(name), `${name} is not among ${passed.join(', ')}`)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Edit parisians-mailer' }).waitFor()
  })

  it('has no fault that axe finds, in both themes, wide and narrow', async () => {
    const parts = ['new?segment=parisians', 'parisians/edit', 'parisians', 'parisians-mailer']
    const found = await faultsOf(
      browser,
      audience.stack,
      parts.map((part) => `activations/${part}`),
    )
    assert.deepEqual(found, [])
  })

  it('is removed with a way back, by those who may', async () => {
    const { page, url } = marketer
    await page.goto(`${url}/activations/parisians-mailer`)
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: /^Remove/ }).click()
    await page.getByText('parisians-mailer is removed. Nothing was ever sent by it.').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('parisians-mailer is back').waitFor()
    await page.getByRole('table', { name: 'Activations' }).getByText('parisians-mailer').waitFor()

    const viewer = await signIn(browser, audience.stack, { member: 'Vera' })
    viewer.page.setDefaultTimeout(WAIT_MS)
    await viewer.page.goto(`${url}/activations/parisians`)
    await viewer.page.getByRole('heading', { name: 'Runs' }).waitFor()
    const names = ['More', 'Edit', 'Publish …', 'Dry run', 'Send now', 'Show what would be sent']
    const buttons = await Promise.all(
      names.map((name) => viewer.page.locator('main').getByText(name, { exact: true }).count()),
    )
    assert.deepEqual(
      buttons,
      names.map(() => 0),
    )
    await viewer.page.goto(`${url}/activations/parisians/edit`)
    await viewer.page.getByText('Your role reads activations').waitFor()
    await viewer.page.context().close()
  })
})

/** Chooses from a list that is searched by typing. */
async function choose(page: Page, label: string, option: string | RegExp): Promise<void> {
  await page.getByRole('combobox', { name: label, exact: true }).click()
  await page.getByRole('option', { name: option, exact: typeof option === 'string' }).click()
}

async function save(page: Page): Promise<void> {
  await page.getByText('Nothing is missing.').waitFor()
  await page.getByRole('button', { name: 'Save as draft' }).click()
  await page.getByText(/is saved as a draft$/).waitFor()
}

/** Presses Tab until the field or button of that name has the focus. @returns names of what had it on the way */
async function reach(page: Page, name: string): Promise<readonly string[]> {
  const passed: string[] = []
  for (let steps = 0; steps < 80; steps += 1) {
    await page.keyboard.press('Tab')
    passed.push(await page.evaluate<string>(FOCUSED))
    if (passed.at(-1) === name) return passed
  }
  throw new Error(`${name} is not reached by Tab, only: ${passed.join(', ')}`)
}

/** What the field or button that has the focus is called. */
const FOCUSED = `(() => {
  const { activeElement: element } = document
  const label = element?.labels?.[0]?.firstChild ?? element
  return (element?.getAttribute('aria-label') ?? label?.textContent ?? '').trim()
})()`
