/** The page by keyboard alone: from signing in over a new source to its run; nothing traps the focus, and it comes back. */
import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { signInLink } from '../../operations/members/sign-in.js'
import { type Audience, customers, startAudience } from '../support/audience.js'
import { needChromium, openBrowser, settled, signIn, WIDE } from './browser.js'
import { press, reach, stopsOfRound, type } from './keyboard.js'

const SERVER = fileURLToPath(new URL('../../server/main.js', import.meta.url))
const WAIT_MS = 90_000
const PLACES = [
  '',
  'sources',
  'sources/new',
  'sources/files',
  'sources/files/settings',
  'runs',
  'settings/members',
  'settings/tokens',
  'settings/secrets',
  'settings/retention',
  'settings/files',
  'settings/files/tributary.yaml',
  'settings/published',
  'settings/audit',
  'nowhere',
]

describe('the page by keyboard alone', function () {
  this.timeout(400_000)
  let browser: Browser
  let audience: Audience

  before(async function () {
    needChromium(this)
    audience = await startAudience({ serverEntry: SERVER })
    const folder = join(audience.stack.workspaceDir, 'orders')
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'orders.csv'), 'order_id,email,total\n1,ada@example.com,12.5\n2,,3\n')
    await audience.haveCustomers(customers(1, 5))
    browser = await openBrowser()
  })
  after(async () => {
    await browser?.close()
    await audience?.stop()
  })

  const enter = async (): Promise<{ page: Page; url: string }> => {
    const { page, url } = await signIn(browser, audience.stack)
    page.setDefaultTimeout(WAIT_MS)
    return { page, url }
  }

  it('leads from the sign-in page over a new source to its run', async () => {
    const { stack } = audience
    const { url: link } = await signInLink(stack.context, {
      serverUrl: stack.stack.status.server!.url,
      by: 'test',
    })
    const page = await (await browser.newContext({ viewport: WIDE })).newPage()
    page.setDefaultTimeout(WAIT_MS)
    await page.goto(new URL('/sign-in', link).href)
    await type(page, 'Your link', link)
    await press(page, 'button', 'Sign in')

    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor()
    await press(page, 'link', 'Sources')
    await page.getByRole('heading', { name: 'Sources', level: 1 }).waitFor()
    await press(page, 'link', 'Add a source')
    await press(page, 'link', /^Files/)
    await type(page, 'Name of the source', 'orders')
    await type(page, /^Folder/, './orders')
    await press(page, 'button', 'Test the connection')

    await page.getByText('1 of 1 stream chosen').waitFor()
    await press(page, 'button', /^Details of/)
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    // What opened the drawer has the focus again.
    await page
      .getByRole('button', { name: /^Details of/ })
      .and(page.locator(':focus'))
      .waitFor()
    await press(page, 'button', 'Go on')
    await reach(page, 'radio', 'Every so often')
    // Arrows move within the choices, as everywhere.
    await reach(page, 'radio', 'Only when somebody asks', 'ArrowLeft')
    await press(page, 'button', 'Publish and sync')

    await page.getByRole('heading', { name: 'orders', level: 1 }).waitFor()
    await press(page, 'link', 'Sync of orders')
    await page.getByRole('heading', { name: 'Sync of orders', level: 1 }).waitFor()
    await page.getByText('Succeeded').first().waitFor()
    await page.context().close()
  })

  it('goes round every page and out of it again', async () => {
    const { page, url } = await enter()
    for (const place of PLACES) {
      await page.goto(`${url}/${place}`)
      await settled(page)
      const stops = await stopsOfRound(page)
      assert.ok(stops > 8, `/${place} has ${stops} stops`)
    }
    await page.context().close()
  })

  it('skips to the page, and comes to the heading of a page that was gone to', async () => {
    const { page, url } = await enter()
    await page.goto(`${url}/runs`)
    await settled(page)
    await press(page, 'link', 'Skip to the page')
    assert.equal(await page.locator('#main:focus').count(), 1)
    await page.keyboard.press('Shift+Tab')
    await reach(page, 'link', 'Sources', 'Shift+Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Sources', level: 1 }).and(page.locator(':focus')).waitFor()
    await page.context().close()
  })

  it('opens menus and windows, and is back where it was when they close', async () => {
    const { page, url } = await enter()
    await page.goto(`${url}/sources/files`)
    await settled(page)
    const isBackOn = async (name: string | RegExp) => {
      const button = page.getByRole('button', { name })
      await button.and(page.locator(':focus')).waitFor()
    }
    await press(page, 'button', /account and look/)
    await page.getByRole('menuitemradio', { name: 'Dark' }).waitFor()
    await page.keyboard.press('Escape')
    await isBackOn(/account and look/)

    await press(page, 'button', 'More for files')
    await reach(page, 'menuitem', 'Read a stretch of the past…', 'ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: /^Read a stretch/ }).waitFor()
    await page.keyboard.press('Escape')
    await isBackOn('More for files')

    await press(page, 'tab', 'Streams and runs', 'ArrowRight')
    await page.getByRole('button', { name: 'Remove this source…' }).waitFor()
    await press(page, 'button', 'Remove this source…')
    await page.getByRole('dialog', { name: 'Remove files?' }).waitFor()
    await page.keyboard.press('Escape')
    await isBackOn('Remove this source…')
    await page.context().close()
  })
})
