/** The marketer at the page: how they come in, find their way, and what is noted about the page meanwhile. */
import type { Locator, Page } from 'playwright-core'
import { errorsOf, settled, signIn, violations, WIDE } from '../browser.js'
import type { Stage } from './stage.js'

export interface Marketer {
  readonly page: Page
  /** What the console called an error. */
  readonly errors: readonly string[]
  /** What axe found, with where. */
  readonly faults: string[]
}

/** Generous: a busy machine shows everything later, and what is missing never comes. */
export const WAIT_MS = 120_000
const NAME = 'Mara Keller'

/** An admin's part in the story: their page gives the link. */
export async function anAdminInvitesAMarketer({ browser, stack }: Stage): Promise<string> {
  const { page, url } = await signIn(browser, stack)
  page.setDefaultTimeout(WAIT_MS)
  await page.goto(`${url}/settings/members`)
  await page.getByRole('button', { name: 'Invite somebody' }).click()
  const dialog = page.getByRole('dialog', { name: 'Invite somebody' })
  await dialog.getByLabel('Name').fill(NAME)
  await dialog.getByRole('radio', { name: 'Marketer' }).check()
  await dialog.getByRole('button', { name: 'Make the link' }).click()
  const shown = page.getByRole('dialog', { name: `Sign-in link for ${NAME}` })
  const link = await shown.getByRole('textbox', { name: 'Link' }).inputValue()
  await page.context().close()
  return link
}

/** In a browser that has nothing of the admin's. */
export async function theMarketerComesInByTheLink({ browser }: Stage, link: string): Promise<Marketer> {
  const browsing = await browser.newContext({ viewport: WIDE })
  const page = await browsing.newPage()
  page.setDefaultTimeout(WAIT_MS)
  const errors = errorsOf(page)
  await page.goto(link)
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor()
  await page.getByRole('button', { name: new RegExp(`^${NAME}`) }).waitFor()
  return { page, errors, faults: [] }
}

/** By the page's own navigation. */
export async function goTo({ page }: Marketer, area: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Areas' }).getByRole('link', { name: area }).click()
  await page.getByRole('heading', { name: area, level: 1 }).waitFor()
  await settled(page)
}

/** Has axe look at what is on show. */
export async function look({ page, faults }: Marketer, where: string): Promise<void> {
  faults.push(...(await violations(page)).map((violation) => `${where}: ${violation}`))
}

/** Opens a list of choices, and takes one. */
export async function choose(
  within: Page | Locator,
  name: string | RegExp,
  option: string | RegExp,
): Promise<void> {
  const list = within.getByRole('combobox', { name })
  await list.click()
  await list.page().getByRole('option', { name: option, exact: true }).click()
}
