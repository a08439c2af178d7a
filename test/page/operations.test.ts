/** What an operator does with sources and runs on the page, clicked in a real Chromium: read again, try again, end, settle, forget. */
import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { apply } from '../../operations/apply.js'
import { triggerSync } from '../../operations/schedules.js'
import { setSecret } from '../../operations/secrets.js'
import { latestRevision } from '../../warehouse/revisions.js'
import { GATE_CONNECTOR, gateSource } from '../cli/sources.js'
import { type Audience, customers, startAudience } from '../support/audience.js'
import { ordersTable, startTestShop, type TestShop } from '../support/shop.js'
import { syncAndWait } from '../support/sync.js'
import { needChromium, openBrowser, settled, signIn, violations } from './browser.js'

const SERVER = fileURLToPath(new URL('../../server/main.js', import.meta.url))
const TILL = `connector: source-files
config: { location: { folder: data }, streams: [{ name: codes, glob: codes.ndjson, schema: { code: int64 } }] }
schedule: manual
streams:
  - { name: codes, sync_mode: full_refresh, destination_sync_mode: append }
`
const shopFile = (config: string) => `connector: source-postgres
config: ${config}
schedule: manual
streams:
  - { name: public.orders, sync_mode: incremental, destination_sync_mode: append_dedup, cursor_field: updated_at, primary_key: [id] }
`

describe('sources and runs on the page, for an operator', function () {
  this.timeout(400_000)
  let browser: Browser
  let shop: TestShop
  let audience: Audience
  let page: Page
  let url: string
  let errors: readonly string[]

  before(async function () {
    needChromium(this)
    shop = await startTestShop()
    await shop.query(ordersTable('orders', 200))
    audience = await startAudience({
      serverEntry: SERVER,
      env: { TRIBUTARY_SECRET_SHOP_PASSWORD: shop.password },
      files: { 'sources/shop.yaml': shopFile(shop.config()), 'sources/till.yaml': TILL },
    })
    await audience.haveCustomers(customers(1, 2))
    await writeFile(
      join(audience.stack.workspaceDir, 'data', 'codes.ndjson'),
      '{"id":1,"code":7}\n{"id":2,"code":"A7"}\n',
    )
    await syncAndWait(audience.stack, 'shop')
    await syncAndWait(audience.stack, 'till')
    browser = await openBrowser()
    ;({ page, url, errors } = await signIn(browser, audience.stack))
    page.setDefaultTimeout(90_000)
  })
  after(async () => {
    await browser?.close()
    await audience?.stop()
    await shop?.stop()
  })

  const open = async (path: string) => {
    await page.goto(`${url}/${path}`)
    await settled(page)
  }
  const click = (name: string | RegExp) =>
    page.getByRole('button', { name, ...(typeof name === 'string' && { exact: true }) }).click()
  const ended = (word: string) =>
    page.getByRole('banner').or(page.locator('#main')).getByText(word).first().waitFor()

  it('reads some days of the past again', async () => {
    await open('sources/shop')
    await click('More for shop')
    await page.getByRole('menuitem', { name: 'Read a stretch of the past…' }).click()
    await page.getByLabel('First day').fill('2026-01-01')
    await page.getByLabel('Last day').fill('2026-01-02')
    await page.getByText('2 days, a day at a time.').waitFor()
    assert.deepEqual(await violations(page), [])
    await click('Read these days')
    await page.getByRole('heading', { name: /^Backfill of shop/, level: 1 }).waitFor()
    await ended('Succeeded')
    await page.getByRole('link', { name: 'Open in Temporal' }).waitFor()
    const address = await page.getByRole('link', { name: 'Open in Temporal' }).getAttribute('href')
    assert.match(address ?? '', /\/namespaces\/default\/workflows\/backfill.*\/history$/)
  })

  it('reads a stream anew, once its name is typed', async () => {
    await open('sources/shop')
    await click('More for public.orders')
    await page.getByRole('menuitem', { name: 'Read anew…' }).click()
    const confirm = page.getByRole('button', { name: 'Read it anew' })
    assert.equal(await confirm.isDisabled(), true)
    await page.getByLabel('Type public.orders to go on').fill('public.orders')
    await confirm.click()
    await page.getByRole('heading', { name: 'public.orders of shop read anew', level: 1 }).waitFor()
    await ended('Succeeded')
  })

  it('tries rejected rows again, after their reason is gone', async () => {
    await open('sources/till')
    await page.getByText('The last sync rejected 1 row.').waitFor()
    await page.getByRole('link', { name: 'See why' }).click()
    await page.getByText('{"id":2,"code":"A7"}').waitFor()
    await click('Try codes again')
    await page.getByText('0 rows of codes loaded, 1 still left out.').waitFor()
    await audience.change({ 'sources/till.yaml': TILL.replace('int64', 'string') })
    await open('sources/till/rejects')
    await click('Try codes again')
    await page.getByText('1 row of codes loaded.').waitFor()
    await page.getByText('Loaded since').first().waitFor()
    assert.deepEqual(await violations(page), [])
  })

  it('leaves a stream out of a sync that goes on', async () => {
    await audience.change({ ...GATE_CONNECTOR, 'sources/gate.yaml': gateSource('gate') })
    const run = await triggerSync(audience.stack.context, 'gate')
    await open(`runs/${encodeURIComponent(run.workflowId)}`)
    await click('Leave out left')
    await page.getByText('The next sync of gate goes on with it.').waitFor()
    const left = page.getByRole('table', { name: 'Streams of this run' }).getByRole('row', { name: /^left/ })
    await left.getByText('Skipped').waitFor()
    assert.deepEqual(await violations(page), [])
    await audience.stack.write({ 'gate/right': '' })
    await ended('Succeeded')
  })

  it('shows two edits of one source beside each other, and keeps both', async () => {
    await open('sources/till/settings')
    await page.getByRole('radio', { name: 'At a time of day' }).click()
    await audience.stack.write({ 'sources/till.yaml': `${TILL.replace('int64', 'string')}parallelism: 2\n` })
    await click('Save as draft')
    const dialog = page.getByRole('dialog', { name: 'Somebody else changed this meanwhile' })
    await dialog.getByText('Only you changed').waitFor()
    await dialog.getByText('parallelism').waitFor()
    assert.deepEqual(await violations(page), [])
    await click('Keep both')
    await click('Save and publish')
    await page.getByText('till is published.').waitFor()
    await open('sources/till/file')
    const file = (await page.getByRole('region', { name: 'sources/till.yaml' }).textContent()) ?? ''
    assert.match(file, /parallelism: 2/)
    assert.match(file, /cron: 0 6 \* \* \*/)
  })

  it('asks before an edit is left that is not saved', async () => {
    await open('sources/till/settings')
    await page.getByRole('radio', { name: 'Only when somebody asks' }).click()
    await page.getByRole('link', { name: 'Runs', exact: true }).click()
    await page.getByRole('dialog', { name: 'Leave without saving?' }).waitFor()
    await click('Stay here')
    assert.equal(await page.getByRole('radio', { name: 'Only when somebody asks' }).isChecked(), true)
    await click('Discard changes')
  })

  it('tells why a sync fails and what to do, and syncs again from there', async () => {
    await setSecret(audience.stack.context, 'WRONG', 'nobody knows')
    await audience.change({
      'sources/shop.yaml': shopFile(shop.config({ password: `\${secret:WRONG}` })),
    })
    await syncAndWait(audience.stack, 'shop')
    await open('runs?outcome=failed')
    await page.getByRole('link', { name: 'Sync of shop' }).first().click()
    await page.getByRole('heading', { name: 'Sync of shop', level: 1 }).waitFor()
    await page.getByText('It failed').waitFor()
    await page
      .getByText(/password/i)
      .first()
      .waitFor()
    assert.deepEqual(await violations(page), [])
    await audience.change({ 'sources/shop.yaml': shopFile(shop.config()) })
    const before = page.url()
    await click('Sync again')
    await page.waitForURL((address) => address.href !== before)
    await ended('Succeeded')
  })

  it('ends a run that waits for a source which does not answer', async () => {
    await audience.change({ 'sources/shop.yaml': shopFile(shop.config({ host: '127.0.0.1', port: 9 })) })
    await open('sources/shop')
    await click('Sync now')
    await page.getByRole('link', { name: 'To the run' }).click()
    await page
      .getByText('It is tried again')
      .or(page.getByText(/attempts? failed/))
      .first()
      .waitFor()
    assert.deepEqual(await violations(page), [])
    await click('Cancel')
    await page.getByText('What was loaded stays').waitFor()
    await page.getByRole('button', { name: 'End it' }).press('Enter')
    await ended('Cancelled')
    // The button that ended it is gone: whoever works by keys goes on at the heading.
    await page.locator('h1:focus').waitFor()
  })

  it('forgets a secret that a test of a connection left, and keeps those that are needed', async () => {
    await setSecret(audience.stack.context, 'DRAFT_SOURCE_SHOP__PASSWORD', 'left behind')
    await open('settings/secrets')
    const row = page.getByRole('row').filter({ hasText: 'DRAFT_SOURCE_SHOP__PASSWORD' })
    await row.getByRole('button', { name: /^Remove/ }).click()
    await page.getByRole('dialog', { name: 'Remove DRAFT_SOURCE_SHOP__PASSWORD?' }).waitFor()
    assert.deepEqual(await violations(page), [])
    await click('Remove it')
    await row.waitFor({ state: 'detached' })
    const given = page.getByRole('row').filter({ hasText: 'SHOP_PASSWORD' })
    await given.getByRole('link', { name: 'shop' }).waitFor()
    assert.equal(await given.getByRole('button').count(), 0)
  })

  it('edits a file that has no form, and shows what somebody else made of it meanwhile', async () => {
    const { stack } = audience
    await open('settings/files')
    await page.getByRole('link', { name: 'tributary.yaml' }).click()
    const text = page.getByRole('textbox', { name: 'Text of tributary.yaml' })
    const before = await text.inputValue()
    await text.fill(`${before}time_zon: Europe/Paris\n`)
    await click('Save as draft')
    await page.getByText('Did you mean time_zone?').waitFor()
    assert.deepEqual(await violations(page), [])

    await text.fill(`${before}# mine\n`)
    await stack.write({ 'tributary.yaml': `${before}# theirs\n` })
    await page.getByRole('status').filter({ hasText: 'Somebody else changed this file' }).waitFor()
    await click('Save as draft')
    const window = page.getByRole('dialog', { name: 'Somebody else changed this file meanwhile' })
    await window.getByText('# theirs').waitFor()
    assert.deepEqual(await violations(page), [])
    await click('Go on with mine')
    assert.equal(await text.inputValue(), `${before}# mine\n`)
    const saved = page.waitForResponse((answer) => answer.request().method() === 'PUT' && answer.ok())
    await click('Save as draft')
    await saved
    assert.equal(await readFile(join(stack.workspaceDir, 'tributary.yaml'), 'utf8'), `${before}# mine\n`)
  })

  it('goes back to what was published before', async () => {
    const { stack } = audience
    await stack.write({ 'sources/kiosk.yaml': TILL })
    const { number } = await apply(stack.context, { author: 'Grace', message: 'A kiosk, too' })
    await open('settings/published')
    await page.getByRole('row').filter({ hasText: 'A kiosk, too' }).getByText('Grace').waitFor()
    await click(`Show what number ${number - 1} changed`)
    const drawer = page.getByRole('dialog', { name: `What number ${number - 1} changed` })
    await drawer.getByText('Going back to it would change').waitFor()
    assert.deepEqual(await violations(page), [])
    await drawer.getByRole('button', { name: 'Publish it again' }).click()
    await page.getByText(`Published as revision ${number + 1}`).waitFor()
    const { files } = (await latestRevision(await stack.context.warehouse()))!
    assert.equal(files['sources/kiosk.yaml'], undefined)
    assert.deepEqual(errors, [])
  })
})
