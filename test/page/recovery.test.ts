/** Pages stay open while parts of the stack are killed: they say so in words, go on by themselves, and nobody's work is lost. */
import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import type { Client } from '@temporalio/client'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { signalProcess } from '../../local/process-identity.js'
import { applyActivation } from '../../operations/activations/apply.js'
import { addMember, removeMember } from '../../operations/members/members.js'
import { assertPolling } from '../../operations/polling.js'
import { triggerSync } from '../../operations/schedules.js'
import { readStackRecord } from '../../runtime/stack.js'
import { type Audience, customers, startAudience } from '../support/audience.js'
import { type HeldFile, startHeldFile } from '../support/held-file.js'
import { waitForReport } from '../support/sync.js'
import { until } from '../support/until.js'
import { needChromium, openBrowser, signIn } from './browser.js'

const SERVER = fileURLToPath(new URL('../../server/main.js', import.meta.url))
const WAIT_MS = 90_000
/** So long a part that was killed is away: pages that look every few seconds notice it. */
const AWAY_MS = 10_000
const SERVER_AWAY = 'The server does not answer.'
const DATA_AWAY = 'The server does not reach its data.'
const TEMPORAL_AWAY = 'What starts runs does not answer'
const NO_WORKERS = 'No worker takes work'

describe('pages that are open when a part is killed', function () {
  this.timeout(400_000)
  let browser: Browser
  let audience: Audience
  let held: HeldFile
  let browsing: BrowserContext
  let url: string
  let [builder, waiting, runs] = [] as unknown as [Page, Page, Page]
  const broke: string[] = []

  before(async function () {
    needChromium(this)
    held = await startHeldFile('{"id":1}\n')
    audience = await startAudience({
      serverEntry: SERVER,
      backoff: { firstMs: AWAY_MS, maxMs: AWAY_MS },
      files: {
        'sources/held.yaml': `connector: source-files
config: { location: { url: "${held.url}" }, streams: [{ name: rows, glob: "**", format: ndjson }] }
schedule: manual
streams:
  - { name: rows, sync_mode: full_refresh, destination_sync_mode: overwrite, primary_key: [id] }
`,
      },
    })
    await sendToTwenty()
    browser = await openBrowser()
    const signedIn = await signIn(browser, audience.stack)
    ;({ page: builder, url } = signedIn)
    browsing = builder.context()
    waiting = await browsing.newPage()
    runs = await browsing.newPage()
    for (const page of [builder, waiting, runs]) {
      page.setDefaultTimeout(WAIT_MS)
      page.on('pageerror', (error) => broke.push(error.message))
    }
    await builder.goto(`${url}/segments/parisians/edit`)
    await builder.getByLabel('Name', { exact: false }).first().fill('Parisians of today')
    await waiting.goto(`${url}/activations/parisians`)
    await waiting.getByRole('heading', { name: 'Waits for your approval' }).waitFor()
    await runs.goto(`${url}/runs`)
    // What a page that is loaded again forgets.
    for (const page of [builder, waiting, runs]) await page.evaluate('globalThis.stays = true')
  })
  after(async () => {
    await browser?.close()
    held?.release()
    await audience?.stop()
    await held?.stop()
  })

  /** Twenty were sent; sixteen of them left since, which nobody may remove without an approval. */
  async function sendToTwenty(): Promise<void> {
    const apply = async () =>
      (await audience.stack.context.temporal()).workflow.getHandle(
        (await applyActivation(audience.stack.context, 'parisians', { author: 'test' })).workflowId,
      )
    await audience.haveCustomers(customers(1, 20))
    await audience.refresh()
    await (await apply()).result()
    await audience.haveCustomers(customers(1, 4))
    await audience.refresh()
    await apply()
  }

  async function signal(name: string, what: NodeJS.Signals): Promise<void> {
    const record = await readStackRecord(audience.stack.workspaceDir)
    signalProcess(record!.processes.find((process) => process.name === name)!, what)
  }
  const kill = (name: string) => signal(name, 'SIGKILL')
  const runsAgain = (name: string) =>
    until(async () => {
      const record = await readStackRecord(audience.stack.workspaceDir)
      return record!.processes.some((process) => process.name === name)
    }, WAIT_MS)
  const says = (page: Page, words: string) =>
    page.getByRole('status').getByText(words, { exact: false }).waitFor()
  const saysNoMore = (page: Page, words: string) =>
    page.getByRole('status').getByText(words).waitFor({ state: 'detached' })

  const isPolled = (client: Client) =>
    assertPolling(client).then(
      () => true,
      () => false,
    )

  /** Nothing was loaded again, nobody was signed out, and what was typed is there. */
  async function assertUntouched(): Promise<void> {
    const stayed = await Promise.all(
      [builder, waiting, runs].map((page) => page.evaluate<unknown>('globalThis.stays')),
    )
    assert.deepEqual(stayed, [true, true, true])
    assert.equal(
      await builder.getByLabel('Name', { exact: false }).first().inputValue(),
      'Parisians of today',
    )
    await waiting.getByRole('heading', { name: 'Waits for your approval' }).waitFor()
    assert.deepEqual(broke, [])
  }

  it('say that the server is away, and show afterwards what ended meanwhile', async () => {
    const run = await triggerSync(audience.stack.context, 'held')
    const sync = runs.getByRole('row').filter({ hasText: 'Sync of held' })
    await sync.getByText('Running').waitFor()
    const live = await browsing.newPage()
    live.setDefaultTimeout(WAIT_MS)
    await live.goto(`${url}/runs/${encodeURIComponent(run.workflowId)}`)
    await live.getByText('Running').first().waitFor()
    await live.evaluate('globalThis.stays = true')
    const cookies = await browsing.cookies()

    await kill('server')
    for (const page of [builder, waiting, runs, live]) await says(page, SERVER_AWAY)
    held.release()
    assert.equal((await waitForReport(audience.stack, run)).outcome, 'succeeded')
    for (const page of [builder, waiting, runs, live]) await saysNoMore(page, SERVER_AWAY)

    await sync.getByText('Succeeded').waitFor()
    await live.getByText('Succeeded').first().waitFor()
    assert.equal(await live.evaluate<unknown>('globalThis.stays'), true)
    assert.deepEqual(await browsing.cookies(), cookies)
    await live.close()
    await assertUntouched()
  })

  it('say that the data is away, and go on live when it is back', async () => {
    await kill('ClickHouse')
    await says(waiting, DATA_AWAY)
    await runsAgain('ClickHouse')
    await saysNoMore(waiting, DATA_AWAY)
    await assertUntouched()
    // A change that this server did not make.
    await waitForReport(audience.stack, await triggerSync(audience.stack.context, 'held'))
    const syncs = runs.getByRole('row').filter({ hasText: 'Sync of held' }).filter({ hasText: 'Succeeded' })
    await syncs.nth(1).waitFor()
  })

  it('say so too where a part stands still and ends nothing, and go on when it does', async () => {
    await signal('server', 'SIGSTOP')
    for (const page of [builder, waiting, runs]) await says(page, SERVER_AWAY)
    await signal('server', 'SIGCONT')
    for (const page of [builder, waiting, runs]) await saysNoMore(page, SERVER_AWAY)
    await signal('ClickHouse', 'SIGSTOP')
    for (const page of [builder, waiting, runs]) await says(page, DATA_AWAY)
    await signal('ClickHouse', 'SIGCONT')
    for (const page of [builder, waiting, runs]) await saysNoMore(page, DATA_AWAY)
    await signal('Temporal', 'SIGSTOP')
    for (const page of [builder, waiting, runs]) await says(page, TEMPORAL_AWAY)
    const overview = await browsing.newPage()
    await overview.goto(url)
    await overview.getByText('1 activation').waitFor({ timeout: WAIT_MS })
    await overview.close()
    await signal('Temporal', 'SIGCONT')
    for (const page of [builder, waiting, runs]) await saysNoMore(page, TEMPORAL_AWAY)
    await assertUntouched()
  })

  it('outlive Temporal, and what waited for an approval is approved afterwards', async () => {
    await kill('Temporal')
    await until(async () => {
      const record = await readStackRecord(audience.stack.workspaceDir)
      return !record!.processes.some((process) => process.name === 'Temporal')
    })
    await assertUntouched()
    await runsAgain('Temporal')
    // A worker asks the new server for work a few seconds later; before that the page says that none is running.
    const client = await audience.stack.context.temporal()
    await until(() => isPolled(client), WAIT_MS)
    await waiting.getByRole('button', { name: 'Approve this plan' }).click()
    await until(() => audience.mailer.recipients.size === 4, WAIT_MS)
    await waiting.getByRole('heading', { name: 'Waits for your approval' }).waitFor({ state: 'detached' })
  })

  it('say that they open where that takes long', async () => {
    const page = await browsing.newPage()
    page.setDefaultTimeout(WAIT_MS)
    await page.goto(url)
    await page.getByRole('heading', { name: 'Overview' }).waitFor()
    let deliver = () => {}
    const line = new Promise<void>((resolve) => {
      deliver = resolve
    })
    await page.route('**/assets/**', async (route) => {
      await line
      await route.continue()
    })
    await page.getByRole('link', { name: 'Settings' }).click()
    await says(page, 'Opening the page')
    deliver()
    await page.getByRole('heading', { name: 'Settings' }).waitFor()
    await saysNoMore(page, 'Opening the page')
    await page.close()
  })

  it('say that nobody takes work, and take it back', async () => {
    const vitals = '**/api/v1/vitals'
    await runs.route(vitals, (route) => route.fulfill({ json: { temporal: true, workers: false } }))
    await says(runs, NO_WORKERS)
    await runs.unroute(vitals)
    await saysNoMore(runs, NO_WORKERS)
  })

  it('become the sign-in page for a member who is removed, by themselves', async () => {
    const { context } = audience.stack
    const member = await addMember(context, { name: 'Eve', role: 'viewer', by: 'test' })
    const { page } = await signIn(browser, audience.stack, { member: 'Eve' })
    page.setDefaultTimeout(WAIT_MS)
    await removeMember(context, member.id, { by: 'test' })
    await page.getByRole('heading', { name: 'Sign in to Tributary' }).waitFor()
    await page.context().close()
  })

  it('keep what was typed until it is saved', async () => {
    await builder.getByRole('button', { name: 'Save', exact: true }).click()
    await builder.getByText('Parisians of today is saved as a draft').waitFor()
    assert.deepEqual(broke, [])
  })
})
