/** What each role meets on the page: nothing that it may not do is offered, and a viewer reads no personal value. */
import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { addMember } from '../../operations/members/members.js'
import type { Role } from '../../operations/members/roles.js'
import { type Audience, customer, customers, startAudience } from '../support/audience.js'
import { needChromium, openBrowser, settled, signIn } from './browser.js'

const SERVER = fileURLToPath(new URL('../../server/main.js', import.meta.url))
/** Of this many pages of one kind all say the same. */
const OF_A_KIND = 2
const PERSON = customer(7, { name: 'Wilhelmine Oberhauser', email: 'wilhelmine@example.net' })
const MAPPING = `stream: files.customers
identifiers: { customer_id: id, email: email }
events: [{ name: Customer Seen, message_id: [id], properties: { town: city } }]
traits: { city: city, name: name, consent.marketing: consent }
`

describe('the page for each role', function () {
  this.timeout(400_000)
  let browser: Browser
  let audience: Audience

  before(async function () {
    needChromium(this)
    audience = await startAudience({ serverEntry: SERVER, files: { 'mappings/customers.yaml': MAPPING } })
    await audience.haveCustomers([...customers(1, 6), PERSON])
    await audience.refresh()
    browser = await openBrowser()
  })
  after(async () => {
    await browser?.close()
    await audience?.stop()
  })

  let members = 0
  const enter = async (role: Role) => {
    members += 1
    const { name } = await addMember(audience.stack.context, { name: `${role} ${members}`, role, by: 'test' })
    const signed = await signIn(browser, audience.stack, { member: name })
    signed.page.setDefaultTimeout(90_000)
    const refused: string[] = []
    signed.page.on('response', (answer) => {
      if (answer.status() === 403) refused.push(`${answer.request().method()} ${answer.url()}`)
    })
    return { ...signed, refused }
  }

  it('shows a viewer every page without a refusal and without a personal value', async () => {
    const { page, url, refused, errors } = await enter('viewer')
    const personal: string[] = []
    const seen = await visitAll(page, url, async (path) => {
      await pressAll(page, path)
      const text = (await page.locator('body').textContent()) ?? ''
      personal.push(...PERSONAL.filter((value) => text.includes(value)).map((value) => `${path}: ${value}`))
    })
    assert.deepEqual({ refused, personal, errors }, { refused: [], personal: [], errors: [] })
    assert.deepEqual(
      AREAS.filter((area) => !seen.some((path) => path.startsWith(area))),
      [],
    )
    await page.context().close()
  })

  it('offers a viewer nothing to change, and says who may', async () => {
    const { page, url } = await enter('viewer')
    const offered: Record<string, readonly string[]> = {}
    for (const path of ['/', '/sources', '/sources/files', '/sources/files/settings', '/settings']) {
      await page.goto(`${url}${path}`)
      await settled(page)
      const names = await page.locator('#main').getByRole('button').allInnerTexts()
      offered[path] = names.filter((name) => CHANGES.test(name))
    }
    assert.deepEqual(offered, Object.fromEntries(Object.keys(offered).map((path) => [path, []])))
    await page.getByText('Nothing here is yours to change').waitFor()
    await page.goto(`${url}/sources/files/streams/customers/mapping`)
    await page.getByText('Marketers edit them, and see real rows.').waitFor()
    for (const [path, title] of MADE_BY_MARKETERS) {
      await page.goto(`${url}${path}`)
      await page.getByRole('heading', { level: 1, name: title }).waitFor()
    }
    await page.context().close()
  })

  it('leads a marketer nowhere that is closed to them, and offers no operator’s action', async () => {
    const { page, url, refused, errors } = await enter('marketer')
    await visitAll(page, url)
    assert.deepEqual({ refused, errors }, { refused: [], errors: [] })
    // A connector is found by either way, whichever kind it is.
    await page.goto(`${url}/sources/new/destination-webhook`)
    await page.getByRole('heading', { level: 1, name: 'New destination: Webhook' }).waitFor()
    await page.goto(`${url}/sources/files`)
    await page.getByRole('button', { name: 'Sync now' }).waitFor()
    const tabs = await page.getByRole('tab').allInnerTexts()
    assert.deepEqual(tabs, ['Streams and runs', 'Settings', 'File'])
    assert.equal(await page.getByRole('button', { name: 'More for files' }).count(), 0)
    await page.getByRole('button', { name: 'More for customers' }).click()
    assert.deepEqual(await page.getByRole('menuitem').allInnerTexts(), ['Sync only this'])
    await page.goto(`${url}/settings`)
    await settled(page)
    assert.deepEqual(await page.getByRole('tab').allInnerTexts(), ['Secrets'])
    await page.context().close()
  })

  it('shows an operator how long data is kept, and an admin everything', async () => {
    const operator = await enter('operator')
    await visitAll(operator.page, operator.url)
    await operator.page.goto(`${operator.url}/settings`)
    await settled(operator.page)
    assert.deepEqual(await operator.page.getByRole('tab').allInnerTexts(), [
      'Secrets',
      'Retention',
      'Files',
      'Published',
    ])
    assert.deepEqual(operator.refused, [])
    await operator.page.context().close()
    const admin = await enter('admin')
    await admin.page.goto(`${admin.url}/settings`)
    await settled(admin.page)
    assert.deepEqual(await admin.page.getByRole('tab').allInnerTexts(), [
      'Members',
      'Tokens',
      'Secrets',
      'Retention',
      'Files',
      'Published',
      'Who did what',
    ])
    await admin.page.context().close()
  })
})

const MADE_BY_MARKETERS = [
  ['/sources/new/source-files', 'Sources are added by marketers'],
  ['/destinations/new/destination-webhook', 'Destinations are connected by marketers'],
  ['/segments/new', 'Segments are built by marketers'],
  ['/activations/new', 'Activations are made by marketers'],
] as const

const AREAS = ['/sources', '/runs', '/profiles', '/segments', '/activations', '/settings']
const PERSONAL = [PERSON.name, PERSON.email!, 'c1@example.com', 'Customer 1']
/** Words of buttons that change something. */
const CHANGES =
  /^(add|save|publish|sync|remove|pause|resume|send|dry run|try|invite|create|keep|choose|test|replace|discard|build|use)/i

/** Goes to every page that links lead to from the first one, a few of each kind; gives the paths. */
async function visitAll(
  page: Page,
  url: string,
  look: (path: string) => Promise<void> = async () => undefined,
): Promise<readonly string[]> {
  const seen = new Set<string>()
  const kinds = new Map<string, number>()
  const waiting = ['/']
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    const kind = path.replace(/^(\/[^/]+\/)[^/]+/, '$1*')
    const known = kinds.get(kind) ?? 0
    if (seen.has(path) || known >= OF_A_KIND) continue
    seen.add(path)
    kinds.set(kind, known + 1)
    await page.goto(`${url}${path}`)
    await settled(page)
    const links = await page
      .getByRole('link')
      .evaluateAll((all) => all.map((link) => (link as unknown as { readonly href: string }).href))
    await look(path)
    for (const link of links.map((href) => new URL(href)))
      if (link.origin === url && link.pathname !== '/sign-in') waiting.push(link.pathname)
  }
  return [...seen]
}

/** Presses every tab and button of a page; what opens is closed again. */
async function pressAll(page: Page, path: string): Promise<void> {
  const pressable = page.locator('#main').locator('button:visible:enabled, [role="tab"]:visible')
  const count = await pressable.count()
  for (let index = 0; index < count; index += 1) {
    const button = pressable.nth(index)
    if (!(await button.isVisible().catch(() => false))) continue
    await button.click()
    await page.keyboard.press('Escape')
    if (new URL(page.url()).pathname === path) continue
    await page.goto(new URL(path, page.url()).href)
    await settled(page)
  }
}
