/** A real Chromium, signed in to the page of a stack. */
import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, chromium } from 'playwright-core'
import { signInLink } from '../../operations/members/sign-in.js'
import { BenchmarkSkipped } from '../benchmark.js'
import type { BenchStack } from './stack.js'

const PROGRAMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const WAIT_MS = 120_000
/** What a browser keeps of somebody who is signed in. */
export type Session = Awaited<ReturnType<BrowserContext['storageState']>>

/** @throws BenchmarkSkipped where there is none */
export async function openBrowser(): Promise<{ readonly browser: Browser; stop(): Promise<void> }> {
  const executablePath = process.env.TRIBUTARY_CHROMIUM || PROGRAMS.find((path) => existsSync(path))
  if (executablePath === undefined) {
    throw new BenchmarkSkipped('needs Chromium: apt-get install chromium, or name it with TRIBUTARY_CHROMIUM')
  }
  // The sandbox wants rights that containers do not give to root.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const browser = await chromium.launch({ executablePath, args })
  return { browser, stop: () => browser.close() }
}

/** Signs the first admin in. */
export async function signedIn(browser: Browser, { context, serverUrl }: BenchStack): Promise<Session> {
  const { url } = await signInLink(context, { serverUrl: serverUrl!, by: 'bench' })
  const browsing = await browser.newContext()
  try {
    const page = await browsing.newPage()
    await page.goto(url)
    await page.getByRole('navigation').first().waitFor({ timeout: WAIT_MS })
    return await browsing.storageState()
  } finally {
    await browsing.close()
  }
}
