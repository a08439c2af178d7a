/** Pages looked at as everybody may see them: wide and narrow, light and dark. */
import type { Browser, Page } from 'playwright-core'
import type { TestStack } from '../support/stack.js'
import { NARROW, overflowOf, type Session, settled, signIn, type Theme, violations, WIDE } from './browser.js'

/** Every size in every theme, each one change away from the one before. */
const LOOKS = [
  [WIDE, 'light'],
  [WIDE, 'dark'],
  [NARROW, 'dark'],
  [NARROW, 'light'],
] as const

/**
 * Opens each address once, and looks at it in a wide and in a narrow window, in both themes.
 * @param addresses without the slash in front
 * @param session of whom to look as. @default the first admin, by a link
 * @returns what axe finds, what is wider than its window, and what the console says, a line each
 */
export async function faultsOf(
  browser: Browser,
  stack: TestStack,
  addresses: readonly string[],
  session?: Session,
): Promise<readonly string[]> {
  const faults: string[] = []
  const { page, url, errors } = await signIn(browser, stack, { ...(session && { session }) })
  page.setDefaultTimeout(90_000)
  for (const address of addresses) {
    await page.setViewportSize(WIDE)
    await page.goto(`${url}/${address}`)
    await settled(page)
    for (const [size, theme] of LOOKS) {
      await page.setViewportSize(size)
      await turn(page, theme)
      const where = `/${address} ${theme} ${size.width}`
      faults.push(...(await violations(page)).map((violation) => `${where}: ${violation}`))
      const overflow = await overflowOf(page)
      if (overflow > 0) faults.push(`${where}: is ${overflow} px wider than the window`)
    }
  }
  faults.push(...errors)
  await page.context().close()
  return faults
}

/** The page follows what the machine prefers. */
async function turn(page: Page, theme: Theme): Promise<void> {
  await page.emulateMedia({ colorScheme: theme })
  await page.locator(`html[data-mantine-color-scheme="${theme}"]`).waitFor({ state: 'attached' })
}
