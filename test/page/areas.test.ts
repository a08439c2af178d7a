/** Every area of the page in a real Chromium, empty and full, in both themes, wide and narrow: axe finds nothing, no code fails. */
import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { type Audience, customers, startAudience } from '../support/audience.js'
import { needChromium, openBrowser, overflowOf, settled, signIn } from './browser.js'
import { faultsOf } from './look-through.js'

const SERVER = fileURLToPath(new URL('../../server/main.js', import.meta.url))
const AREAS = [
  '',
  'sources',
  'runs',
  'profiles',
  'segments',
  'activations',
  'destinations',
  'destinations/new',
  'destinations/mailer',
  'settings',
] as const
describe('the page', function () {
  this.timeout(900_000)
  let browser: Browser
  let audience: Audience

  before(async function () {
    needChromium(this)
    audience = await startAudience({ serverEntry: SERVER })
    browser = await openBrowser()
  })
  after(async () => {
    await browser?.close()
    await audience?.stop()
  })

  it('needs no more than 320 px, as on a wide screen at 400 %', async () => {
    const found: string[] = []
    const { page, url } = await signIn(browser, audience.stack, { size: { width: 320, height: 256 } })
    page.setDefaultTimeout(90_000)
    for (const area of [...AREAS, 'sources/new/source-postgres', 'segments/new', 'activations/new']) {
      await page.goto(`${url}/${area}`)
      await settled(page)
      const overflow = await overflowOf(page)
      if (overflow > 0) found.push(`/${area}: is ${overflow} px wider than the window`)
    }
    assert.deepEqual(found, [])
    await page.context().close()
  })

  for (const when of ['with nothing in it', 'with data']) {
    describe(when, () => {
      before(async () => {
        if (when !== 'with data') return
        await audience.haveCustomers(customers(1, 30))
        await audience.refresh()
      })

      it('has no fault that axe finds, in both themes, wide and narrow, and none of its code fails', async () => {
        assert.deepEqual(await faultsOf(browser, audience.stack, AREAS), [])
      })
    })
  }
})
