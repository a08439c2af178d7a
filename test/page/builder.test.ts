/** Every kind of condition, built by hand as a marketer does: what is saved is the file of the reference, and opens again as it was. */
import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Locator, Page } from 'playwright-core'
import { parse } from 'yaml'
import { changeList } from '../../operations/people/lists.js'
import { type Audience, customers, startAudience } from '../support/audience.js'
import { syncUntilSucceeded } from '../support/sync.js'
import { needChromium, openBrowser, settled, signIn } from './browser.js'
import { CONDITIONS } from './builder/conditions.js'
import type { Fields } from './builder/fields.js'
import { FILES, ORDERS } from './builder/till.js'

const SERVER = fileURLToPath(new URL('../../server/main.js', import.meta.url))

/** Items of the menu that adds a condition. */
const KINDS: Readonly<Record<string, RegExp>> = {
  trait: /^What they are/,
  performed: /^What they did/,
  sequence: /^One thing after another/,
  segment: /^Another segment/,
  consent: /^Consent/,
  identifier: /^How they can be reached/,
  list: /^A list/,
  random: /^A random share/,
  everyone: /^Everyone/,
}

describe('the segment builder', function () {
  this.timeout(900_000)
  let browser: Browser
  let audience: Audience
  let page: Page
  let url: string
  let errors: readonly string[]

  before(async function () {
    needChromium(this)
    audience = await startAudience({ serverEntry: SERVER, files: FILES })
    await audience.haveCustomers(customers(1, 8))
    await writeFile(
      join(audience.stack.workspaceDir, 'data', 'orders.ndjson'),
      ORDERS.map((order) => `${JSON.stringify(order)}\n`).join(''),
    )
    await syncUntilSucceeded(audience.stack, 'till')
    await changeList(audience.stack.context, 'add', 'vip', {
      type: 'email',
      values: ['c1@example.com'],
      author: 'test',
      refresh: false,
    })
    await audience.refresh()
    browser = await openBrowser()
    ;({ page, url, errors } = await signIn(browser, audience.stack))
    page.setDefaultTimeout(60_000)
  })
  after(async () => {
    await browser?.close()
    await audience?.stop()
  })

  const fieldsOf = (card: Locator): Fields => ({
    async choose(field, option) {
      const box = card.getByRole('combobox', { name: field, exact: true }).last()
      const wanted = page
        .getByRole('option')
        .filter({ has: page.getByText(option, { exact: true }), visible: true })
      // A list may be open already, as the focus has come to it, or close again: then a click opens it another time.
      for (let turn = 0; turn < TURNS; turn += 1) {
        if (turn === 0 || !(await wanted.isVisible())) await box.click()
        if (await isDone(wanted.click({ timeout: OPENS_MS }))) return
      }
      throw new Error(`choosing ${option} of ${field}: the list does not stay open`)
    },
    async type(field, typed) {
      const input = card.getByLabel(field, { exact: true }).last()
      await input.fill(typed.trim())
      if (typed.endsWith('\n')) await input.press('Enter')
      // What it suggests would lie over what is clicked next.
      await input.blur()
    },
    press: (button) => card.getByRole('button', { name: button, exact: true }).last().click(),
    check: (box) => card.getByRole('checkbox', { name: box, exact: true }).check(),
  })

  const add = async (kind: string, isFirst: boolean): Promise<Fields> => {
    const name = isFirst ? 'Add the first condition' : 'Add a condition'
    const cards = page.locator('#main [data-part$="fields"]')
    const before = await cards.count()
    const item = page.getByRole('menuitem', { name: KINDS[kind]! })
    // A menu hides where its button is scrolled away, as by what was added before.
    for (let turn = 0; turn < TURNS && (await cards.count()) === before; turn += 1) {
      await page.getByRole('button', { name, exact: true }).last().click()
      if (await isDone(item.click({ timeout: OPENS_MS })))
        await cards.nth(before).waitFor({ state: 'attached' })
    }
    return fieldsOf(cards.last())
  }

  const draft = async (id: string): Promise<unknown> =>
    parse(await readFile(join(audience.stack.workspaceDir, 'segments', `${id}.yaml`), 'utf8'))

  const shownYaml = async (): Promise<unknown> => {
    await page.getByText('YAML', { exact: true }).click()
    return parse((await page.getByRole('region', { name: 'The segment as YAML' }).textContent()) ?? '')
  }

  /** Saves what is built, and compares the file and what the page shows of it once it is opened again. */
  const saved = async (about: string, written: unknown) => {
    await page.getByText(/^People .*\.$/).waitFor()
    await page.getByText('counted in').waitFor()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.waitForURL(/\/edit$/)
    const id = new URL(page.url()).pathname.split('/')[2]!
    assert.deepEqual([about, await draft(id)], [about, written])

    await page.reload()
    await settled(page)
    await page.getByText('counted in').waitFor()
    assert.equal(await page.getByText('has no form here').count(), 0)
    assert.deepEqual(await shownYaml(), written)
    assert.deepEqual(errors, [])
  }

  for (const [about, conditions] of Object.entries(CONDITIONS)) {
    it(`writes ${about} as the reference has them, and opens them again`, async () => {
      const written = { name: about, who: { all: conditions.map(([, , condition]) => condition) } }
      await page.goto(`${url}/segments/new`)
      await settled(page)
      await page.getByRole('textbox', { name: 'Name' }).fill(about)
      for (const [index, [kind, steps]] of conditions.entries()) await steps(await add(kind, index === 0))
      await saved(about, written)
    })
  }

  it('writes groups, negations and another clock, and opens them again', async () => {
    await page.goto(`${url}/segments/new`)
    await settled(page)
    await page.getByRole('textbox', { name: 'Name' }).fill('Groups')
    const main = fieldsOf(page.locator('#main'))
    const city = await add('trait', true)
    await city.choose('Trait', 'city')
    await city.choose('Comparison of city', 'is')
    await city.type('Value of city', 'Lyon')
    await main.choose('Holds or not', 'except who')
    await main.choose('How the conditions combine', 'any of these holds')
    await page.getByRole('button', { name: 'Add a condition', exact: true }).click()
    await page.getByRole('menuitem', { name: /^A group/ }).click()
    await add('identifier', true)
    await main.choose('Time zone of the segment', 'Asia/Tokyo')
    await saved('groups', {
      name: 'Groups',
      time_zone: 'Asia/Tokyo',
      who: {
        any: [{ not: { trait: 'city', eq: 'Lyon' } }, { all: [{ identifier: 'email', exists: true }] }],
      },
    })
  })
})

/** Clicks until a list is open. */
const TURNS = 4
const OPENS_MS = 4000

const isDone = (action: Promise<void>): Promise<boolean> =>
  action.then(
    () => true,
    () => false,
  )
