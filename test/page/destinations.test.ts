/** A marketer connects a tool in a real Chromium: a test that fails, one that works, publishing, edits of two at once, removal. */
import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Locator, Page } from 'playwright-core'
import { type Mailer, startMailer } from '../../examples/grocer/mailer/server.js'
import { addMember } from '../../operations/members/members.js'
import { type Audience, startAudience } from '../support/audience.js'
import {
  needChromium,
  openBrowser,
  type PageOptions,
  type Session,
  settled,
  signIn,
  violations,
} from './browser.js'
import { faultsOf } from './look-through.js'

const SERVER = fileURLToPath(new URL('../../server/main.js', import.meta.url))
const WAIT_MS = 90_000
const FORBIDDEN = 'Failed to load resource: the server responded with a status of 403 (Forbidden)'

describe('the page of destinations', function () {
  this.timeout(400_000)
  let browser: Browser
  let audience: Audience
  let receiver: Mailer

  before(async function () {
    needChromium(this)
    receiver = await startMailer()
    audience = await startAudience({ serverEntry: SERVER })
    for (const role of ['marketer', 'viewer'] as const)
      await addMember(audience.stack.context, { name: role, role, by: 'test' })
    browser = await openBrowser()
  })
  after(async () => {
    await browser?.close()
    await audience?.stop()
    await receiver?.stop()
  })

  const fileOf = (id: string) => join(audience.stack.workspaceDir, 'destinations', `${id}.yaml`)
  /** By member: each signs in once. */
  const sessions = new Map<string, Session>()
  const enter = async (options: PageOptions = { member: 'marketer' }) => {
    const who = options.member ?? ''
    const session = sessions.get(who)
    const signedIn = await signIn(browser, audience.stack, { ...options, ...(session && { session }) })
    if (session === undefined) sessions.set(who, await signedIn.page.context().storageState())
    signedIn.page.setDefaultTimeout(WAIT_MS)
    const faults: string[] = []
    const look = async (where: string) =>
      faults.push(...(await violations(signedIn.page)).map((violation) => `${where}: ${violation}`))
    const leave = async () => {
      assert.deepEqual({ faults, errors: signedIn.errors }, { faults: [], errors: [] })
      await signedIn.page.context().close()
    }
    return { ...signedIn, look, leave }
  }

  it('connects a webhook: what is wrong is said, with what to do, until the test works', async () => {
    const { page, url, look, leave } = await enter()
    await page.goto(`${url}/destinations`)
    await page.getByRole('link', { name: 'Connect a destination' }).click()
    await page.getByRole('link', { name: /^Webhook/ }).click()
    await page.getByLabel('Name of the destination').fill('mailings')
    await press(page, 'Test the connection')
    await page.getByText('Fill this in.').first().waitFor()

    await page.getByRole('textbox', { name: /^Address/ }).fill('http://10.11.12.13/hook')
    await page
      .getByRole('textbox', { name: /^Signing secret/ })
      .fill('whsec_d3JvbmcgYnV0IG9mIHRoZSByaWdodCBsZW5ndGg=')
    await press(page, 'Test the connection')
    await page.getByText('TRIBUTARY_ALLOW_PRIVATE_ADDRESSES=10.11.12.13').waitFor()
    await look('a private address')
    await page.getByRole('button', { name: 'Address', exact: true }).click()
    assert.equal(await isFocused(page.getByRole('textbox', { name: /^Address/ })), true)

    await page.getByRole('textbox', { name: /^Address/ }).fill(receiver.url)
    await press(page, 'Test the connection')
    await page.getByText('The connection does not work').waitFor()
    await page.getByRole('textbox', { name: /^Signing secret/ }).fill(receiver.secret)
    await press(page, 'Test the connection')
    await page.getByText('The connection works').waitFor()
    await page.getByRole('list', { name: 'What was tried' }).getByText(receiver.url).waitFor()
    await look('a test that works')

    await press(page, 'Publish')
    await page.getByRole('heading', { level: 1, name: 'mailings' }).waitFor()
    await page.getByText('Published', { exact: true }).waitFor()
    await page.getByText('Kept as DESTINATION_MAILINGS__SECRET').waitFor()
    await look('the settings')
    assert.equal(
      await readFile(fileOf('mailings'), 'utf8'),
      `connector: destination-webhook\nconfig:\n  url: ${receiver.url}\n  secret: \${secret:DESTINATION_MAILINGS__SECRET}\n`,
    )
    await leave()
  })

  it('shows what it can hold, what sends to it, and its file', async () => {
    const { page, url, look, leave } = await enter()
    await page.goto(`${url}/destinations/mailer`)
    await page.getByRole('tab', { name: 'What it can hold' }).click()
    await page
      .getByRole('region', { name: 'Records' })
      .getByText(/It takes fields of any name/)
      .waitFor()
    await look('what it can hold')
    await page.getByRole('tab', { name: 'Activations' }).click()
    await page.getByRole('tabpanel').getByRole('link', { name: 'parisians' }).waitFor()
    await look('what sends to it')
    await page.getByRole('tab', { name: 'File' }).click()
    await page.getByText('connector: destination-webhook').waitFor()
    await page.getByRole('tab', { name: 'Settings' }).click()
    await page.getByText('It cannot be removed').waitFor()
    await leave()
  })

  it('keeps the edits of both where somebody else saved meanwhile', async () => {
    const { page, url, look, leave } = await enter()
    await page.goto(`${url}/destinations/mailings`)
    await page.getByText('Advanced', { exact: true }).click()
    await page.getByRole('textbox', { name: /^Requests a second/ }).fill('7')
    const before = await readFile(fileOf('mailings'), 'utf8')
    await writeFile(fileOf('mailings'), `# Asked for by the receiver.\n${before}  timeout: 45s\n`)
    await press(page, 'Save as draft')
    const dialog = page.getByRole('dialog', { name: 'Somebody else changed this meanwhile' })
    await dialog.waitFor()
    await dialog.getByText('config.requests_per_second').first().waitFor()
    await dialog.getByText('config.timeout').first().waitFor()
    await dialog.getByRole('region', { name: 'Theirs, as it is saved' }).getByText('timeout: "45s"').waitFor()
    await look('a conflict')
    await dialog.getByRole('button', { name: 'Keep both' }).click()
    await dialog.waitFor({ state: 'detached' })
    assert.equal(await page.getByLabel(/^Timeout/).inputValue(), '45s')
    await press(page, 'Save as draft')
    await page.getByText('Saved. Activations send as before until it is published.').waitFor()
    await page.getByText('Changed, not published').waitFor()
    assert.equal(
      await readFile(fileOf('mailings'), 'utf8'),
      `# Asked for by the receiver.\n${before}  timeout: 45s\n  requests_per_second: 7\n`,
    )
    await press(page, 'Publish')
    await page.getByText('Published', { exact: true }).waitFor()
    await leave()
  })

  it('takes another secret in the place of the one that is kept, and shows neither', async () => {
    const { page, url, leave } = await enter()
    await page.goto(`${url}/destinations/mailings`)
    await press(page, 'Replace: Signing secret')
    await page.getByRole('textbox', { name: /^Signing secret/ }).fill('whsec_d3Jvbmc=')
    await press(page, 'Test the connection')
    await page.getByText('The connection does not work').waitFor()
    await press(page, 'Discard changes')
    await page.getByText('Kept as DESTINATION_MAILINGS__SECRET').waitFor()
    await press(page, 'Replace: Signing secret')
    // Letter by letter, as people type.
    await page.getByRole('textbox', { name: /^Signing secret/ }).pressSequentially(receiver.secret)
    await press(page, 'Save and publish')
    await page.getByText('Kept as DESTINATION_MAILINGS__SECRET').waitFor()
    await press(page, 'Test the connection')
    await page.getByText('The connection works').waitFor()
    await leave()
  })

  it('asks for the secret again where the address changes, at its field', async () => {
    const { page, url, look, leave, errors } = await enter()
    await page.goto(`${url}/destinations/mailings`)
    const address = page.getByRole('textbox', { name: /^Address/ })
    await address.fill(`${receiver.url}?moved`)
    await press(page, 'Test the connection')
    const words = 'Signing secret was given for another connection. Type it again, since Address changed.'
    await page.getByText(words, { exact: true }).waitFor()
    const secret = page.getByRole('textbox', { name: /^Signing secret/ })
    await secret.waitFor()
    await look('a secret that is asked for again')
    await secret.fill(receiver.secret)
    await press(page, 'Test the connection')
    await page.getByText('The connection works').waitFor()
    assert.equal(await page.getByText(words, { exact: true }).count(), 0)
    // Back at the old address, what is kept is good again.
    await press(page, 'Discard changes')
    await address.fill(`${receiver.url}?moved`)
    await press(page, 'Test the connection')
    await page.getByText(words, { exact: true }).waitFor()
    await address.fill(receiver.url)
    await press(page, 'Test the connection')
    await page.getByText('The connection works').waitFor()
    // The browser itself notes each refusal.
    const refused = errors.splice(0)
    assert.deepEqual(new Set(refused), new Set([FORBIDDEN]))
    await leave()
  })

  it('is connected by keys alone, on the way to an activation', async () => {
    const { page, url, leave } = await enter()
    await page.goto(
      `${url}/destinations/new?back=${encodeURIComponent('/activations/new?segment=parisians')}`,
    )
    await settled(page)
    await tabTo(page, page.getByRole('link', { name: /^Webhook/ }))
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'New destination: Webhook' }).waitFor()
    await tabTo(page, page.getByLabel('Name of the destination'))
    await page.keyboard.press('Control+A')
    await page.keyboard.type('by_keys')
    await tabTo(page, page.getByRole('textbox', { name: /^Address/ }))
    await page.keyboard.type(receiver.url)
    await tabTo(page, page.getByRole('textbox', { name: /^Signing secret/ }))
    await page.keyboard.type(receiver.secret)
    await page.keyboard.press('Enter')
    await page.getByText('The connection works').waitFor()
    await tabTo(page, page.getByRole('button', { name: 'Publish', exact: true }))
    await page.keyboard.press('Enter')
    await page.waitForURL(`${url}/activations/new?segment=parisians&destination=by_keys`)
    await leave()
  })

  it('is removed where nothing sends to it, and comes back when asked', async () => {
    const { page, url, leave } = await enter()
    await page.goto(`${url}/destinations/by_keys`)
    await press(page, 'Remove this destination')
    await page.getByText('by_keys is removed.').waitFor()
    const row = page.getByRole('table', { name: 'Destinations' }).getByRole('row', { name: /by_keys/ })
    await row.waitFor({ state: 'detached' })
    await press(page, 'Undo')
    await page.getByText('by_keys is back.').waitFor()
    await row.getByText('Published', { exact: true }).waitFor()
    await leave()
  })

  it('can be looked at by a viewer, who changes nothing and sees no secret', async () => {
    const { page, url, look, leave } = await enter({ member: 'viewer' })
    await page.goto(`${url}/destinations/mailings`)
    await page.getByText('Kept as DESTINATION_MAILINGS__SECRET').waitFor()
    await look('a viewer')
    assert.deepEqual(await page.getByRole('main').getByRole('button').allInnerTexts(), [])
    assert.equal(await page.getByRole('textbox', { name: /^Address/ }).isDisabled(), true)
    await page.goto(`${url}/destinations`)
    await page.getByRole('table', { name: 'Destinations' }).waitFor()
    assert.equal(await page.getByRole('link', { name: 'Connect a destination' }).count(), 0)
    await leave()
  })

  it('has no fault that axe finds, in both themes, wide and narrow', async () => {
    const parts = [
      'new',
      'new/destination-webhook',
      'new/destination-files',
      'mailings',
      'mailings/objects',
      'mailings/activations',
      'mailings/file',
    ]
    const found = await faultsOf(
      browser,
      audience.stack,
      ['destinations', ...parts.map((part) => `destinations/${part}`)],
      sessions.get('marketer'),
    )
    assert.deepEqual(found, [])
  })
})

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

const isFocused = (locator: Locator): Promise<boolean> =>
  locator.evaluate((element) => element === element.ownerDocument.activeElement)

/** Presses Tab until it is there. */
async function tabTo(page: Page, locator: Locator): Promise<void> {
  await locator.waitFor()
  for (let steps = 0; steps < 60; steps += 1) {
    if (await isFocused(locator)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`no Tab leads to ${locator}`)
}
