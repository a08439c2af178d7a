/** Somebody leaves the page for long, in a real Chromium: it is covered, and they go on where they were. */
import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { addMember, currentMembers } from '../../operations/members/members.js'
import { signInLink } from '../../operations/members/sign-in.js'
import { sessionKey } from '../../server/auth/session-key.js'
import { createSessions } from '../../server/auth/sessions.js'
import { startTestStack, type TestStack } from '../support/stack.js'
import { needChromium, openBrowser, signIn, violations } from './browser.js'

const SERVER = fileURLToPath(new URL('../../server/main.js', import.meta.url))
const WAIT_MS = 90_000

describe('the page of somebody who was away', function () {
  this.timeout(200_000)
  let browser: Browser
  let stack: TestStack

  before(async function () {
    needChromium(this)
    stack = await startTestStack({ serverEntry: SERVER })
    await stack.write({ 'tributary.yaml': 'workspace: away\ntime_zone: Europe/Paris\n' })
    for (const name of ['Ada', 'Ben']) await addMember(stack.context, { name, role: 'marketer', by: 'test' })
    browser = await openBrowser()
  })
  after(async () => {
    await browser?.close()
    await stack?.stop()
  })

  /** A form that is half filled in, and a session that nobody used for two hours. */
  async function beAway(member: string): Promise<{ page: Page; url: string }> {
    const { page, url } = await signIn(browser, stack, { member })
    page.setDefaultTimeout(WAIT_MS)
    await page.goto(`${url}/sources/new/source-postgres`)
    await page.getByRole('textbox', { name: /^Host/ }).fill('db.example.com')
    const sessions = createSessions(await sessionKey(stack.context.secrets))
    const state = (await currentMembers(stack.context)).find(({ name }) => name === member)!
    const value = sessions.issue(state, Date.now() - 2 * 3_600_000)
    await page.context().addCookies([{ name: sessions.cookieName, value, url }])
    await page.keyboard.press('Shift')
    await page.getByRole('heading', { name: 'Your session ended' }).waitFor()
    return { page, url }
  }
  const comeBack = async (page: Page, url: string, member: string) => {
    const link = await signInLink(stack.context, { serverUrl: url, member, by: 'test' })
    await page.getByLabel('Your link').fill(link.url)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('heading', { name: 'Your session ended' }).waitFor({ state: 'detached' })
  }

  it('is covered, and nothing that was begun is lost', async () => {
    const { page, url } = await beAway('Ada')
    assert.deepEqual(await violations(page), [])
    await comeBack(page, url, 'Ada')
    assert.equal(await page.getByRole('textbox', { name: /^Host/ }).inputValue(), 'db.example.com')
    await page.context().close()
  })

  it('is covered too where the session is as old as any may be', async () => {
    const { page, url } = await signIn(browser, stack, { member: 'Ada' })
    page.setDefaultTimeout(WAIT_MS)
    // Twelve hours later the browser has forgotten the cookie.
    await page.route('**/api/v1/session', async (route) => {
      const response = await route.fetch()
      await route.fulfill({ response, json: { ...((await response.json()) as object), leftMs: 1 } })
    })
    await page.goto(`${url}/sources/new/source-postgres`)
    await page.getByRole('textbox', { name: /^Host/ }).fill('db.example.com')
    await page.unroute('**/api/v1/session')
    await page.context().clearCookies()
    await page.keyboard.press('Shift')
    await page.getByRole('heading', { name: 'Your session ended' }).waitFor()
    await comeBack(page, url, 'Ada')
    assert.equal(await page.getByRole('textbox', { name: /^Host/ }).inputValue(), 'db.example.com')
    await page.context().close()
  })

  it('goes on by itself once they signed in in another window', async () => {
    const { page, url } = await beAway('Ada')
    const other = await page.context().newPage()
    await other.goto((await signInLink(stack.context, { serverUrl: url, member: 'Ada', by: 'test' })).url)
    await page.getByRole('heading', { name: 'Your session ended' }).waitFor({ state: 'detached' })
    assert.equal(await page.getByRole('textbox', { name: /^Host/ }).inputValue(), 'db.example.com')
    await page.context().close()
  })

  it('begins anew for somebody else', async () => {
    const { page, url } = await beAway('Ada')
    await comeBack(page, url, 'Ben')
    await page.getByRole('button', { name: /Ben/ }).waitFor()
    assert.equal(await page.getByRole('textbox', { name: /^Host/ }).inputValue(), '')
    await page.context().close()
  })
})
