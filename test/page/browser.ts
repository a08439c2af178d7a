/** A real Chromium on the page of a stack: signed in by a link, and asked what axe finds and what the console says. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { signInLink } from '../../operations/members/sign-in.js'
import type { TestStack } from '../support/stack.js'

/** Where Debian and others keep it. */
const PROGRAMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const chromiumProgram = process.env.TRIBUTARY_CHROMIUM || PROGRAMS.find((path) => existsSync(path))

export const WIDE = { width: 1280, height: 800 } as const
export const NARROW = { width: 390, height: 844 } as const
export type Theme = 'light' | 'dark'

/**
 * Skips, and says so, where there is no Chromium; in CI that is a failure.
 * @param test mocha's context of a hook
 */
export function needChromium(test: Mocha.Context): void {
  if (chromiumProgram !== undefined) return
  const message = 'there is no Chromium: apt-get install chromium, or name it with TRIBUTARY_CHROMIUM'
  if (process.env.CI) throw new Error(message)
  console.warn(`skipping tests of the page: ${message}`)
  test.skip()
}

export async function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumProgram!,
    // The sandbox wants rights that containers do not give to root.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  })
}

/** What a browser keeps of somebody who is signed in. */
export type Session = Awaited<ReturnType<BrowserContext['storageState']>>

export interface PageOptions {
  readonly size?: { readonly width: number; readonly height: number }
  readonly theme?: Theme
  /** @default the first admin */
  readonly member?: string
  /** A session to go on with: there is a limit of signing in. @default a new one, by a link */
  readonly session?: Session
}

export interface SignedIn {
  readonly page: Page
  /** The page's address, without a slash at the end. */
  readonly url: string
  /** What the console called an error, and what no code caught. Answers that say `not yet` are none. */
  readonly errors: string[]
}

/** Before the first refresh, and where no plan waits any more, the API says so with this status; the page shows it in words. */
const EXPECTED = /status of 409/

/** What the page's console says from now on that it should not. */
export function errorsOf(page: Page): string[] {
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !EXPECTED.test(message.text())) errors.push(message.text())
  })
  return errors
}

/** A context of its own, signed in. */
export async function signIn(
  browser: Browser,
  { stack, context }: TestStack,
  { size = WIDE, theme = 'light', member, session }: PageOptions = {},
): Promise<SignedIn> {
  const url = stack.status.server?.url
  if (url === undefined) throw new Error('signing in: the stack has no server')
  const browsing = await browser.newContext({
    viewport: size,
    colorScheme: theme,
    reducedMotion: 'reduce',
    ...(session && { storageState: session }),
  })
  const page = await browsing.newPage()
  const errors = errorsOf(page)
  const signingIn = { serverUrl: url, by: 'test', ...(member !== undefined && { member }) }
  await page.goto(session ? url : (await signInLink(context, signingIn)).url)
  await page.getByRole('navigation').first().waitFor()
  return { page, url, errors }
}

const axeSource = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Waits for what fades or moves, but not for what turns until an answer comes. */
const FADED = `Promise.allSettled(document.getAnimations()
  .filter(({ effect }) => effect.getComputedTiming().endTime !== Infinity).map(({ finished }) => finished)).then(() => undefined)`

/**
 * What axe finds against WCAG 2.2 AA and its best practices, a line each. What it finds it must find twice: while an answer
 * arrives, colours are between two states.
 */
export async function violations(page: Page): Promise<string[]> {
  if (!(await page.evaluate<boolean>('"axe" in globalThis'))) await page.evaluate(await axeSource)
  const found = await axeOnce(page)
  return found.length === 0 ? found : axeOnce(page)
}

async function axeOnce(page: Page): Promise<string[]> {
  await page.evaluate(FADED)
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: {
        run(): Promise<{
          violations: { id: string; help: string; nodes: { target: unknown[]; html: string }[] }[]
        }>
      }
    }
    const { violations } = await axe.run()
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ target, html }) => `${id}: ${help}: ${target.join(' ')} ${html.slice(0, 160)}`),
    )
  })
}

/** Waits until what the page shows first has come. */
export async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  // A shape gives way to what was read, or to the shape of what that asks for.
  await page.locator('[aria-busy="true"], [data-loading]').first().waitFor({ state: 'detached' })
}

/** How much wider than the window the page is, pixels. */
export function overflowOf(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')
}
