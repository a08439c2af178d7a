/** Every area of the page in a real Chromium, empty and full, in both themes, wide and narrow: axe finds nothing, no code fails. */
import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { type Audience, customers, startAudience } from '../support/audience.js'
import {
  NARROW,
  needChromium,
  openBrowser,
  overflowOf,
  settled,
  signIn,
  violations,
  WIDE,
} from './browser.js'

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
const LOOKS = [
  { theme: 'light', size: WIDE },
  { theme: 'dark', size: WIDE },
  { theme: 'light', size: NARROW },
  { theme: 'dark', size: NARROW },
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

  for (const when of ['with nothing in it', 'with data']) {
    describe(when, () => {
      before(async () => {
        if (when !== 'with data') return
        await audience.haveCustomers(customers(1, 30))
        await audience.refresh()
      })

      for (const { theme, size } of LOOKS) {
        it(`has no fault that axe finds, and none of its code fails, ${theme}, ${size.width} px wide`, async () => {
          const found: string[] = []
          const { page, url, errors } = await signIn(browser, audience.stack, { theme, size })
          page.setDefaultTimeout(90_000)
          for (const area of AREAS) {
            await page.goto(`${url}/${area}`)
            await settled(page)
            found.push(...(await violations(page)).map((violation) => `/${area}: ${violation}`))
            const overflow = await overflowOf(page)
            if (overflow > 0) found.push(`/${area}: is ${overflow} px wider than the window`)
          }
          assert.deepEqual([...found, ...errors], [])
          await page.context().close()
        })
      }
    })
  }
})
