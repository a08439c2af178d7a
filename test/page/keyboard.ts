/** What somebody without a mouse does: keys alone, and where they lead. */
import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'

type Role = Parameters<Page['getByRole']>[0]

/** More stops than any way on these pages has. */
const MAX_STOPS = 150

/** What has the focus, as a screen reader would call it, and whether an eye finds it. */
interface Stop {
  readonly tag: string
  readonly text: string
  readonly isVisible: boolean
}

/** Presses a key until something of this role and name has the focus. @throws with what was passed, where it never does */
export async function reach(page: Page, role: Role, name: string | RegExp, key = 'Tab'): Promise<void> {
  const wanted = page.getByRole(role, { name, ...(typeof name === 'string' && { exact: true }) })
  const passed: string[] = []
  // What is on its way is waited for: only then can the focus pass by it.
  await wanted.first().waitFor()
  for (let stop = 0; stop < MAX_STOPS; stop += 1) {
    if ((await wanted.and(page.locator(':focus')).count()) > 0) return
    await page.keyboard.press(key)
    const { tag, text, isVisible } = await focused(page)
    assert.ok(isVisible, `the focus shows on ${tag} “${text}” at ${page.url()}`)
    passed.push(`${tag} “${text}”`)
  }
  throw new Error(`reaching ${role} ${String(name)} at ${page.url()}: passed ${passed.join(', ')}`)
}

/** Reaches a thing and presses it. */
export async function press(page: Page, role: Role, name: string | RegExp, key = 'Enter'): Promise<void> {
  await reach(page, role, name)
  await page.keyboard.press(key)
}

/** Reaches a field and types into it, in place of what was there. */
export async function type(page: Page, name: string | RegExp, text: string): Promise<void> {
  await reach(page, 'textbox', name)
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type(text)
}

/** How many stops a round through the page has, from the skip link to where the focus leaves it or begins again. */
export async function stopsOfRound(page: Page): Promise<number> {
  await page.evaluate('document.activeElement?.blur()')
  await reach(page, 'link', 'Skip to the page')
  for (let stop = 1; stop < MAX_STOPS; stop += 1) {
    await page.keyboard.press('Tab')
    const { tag, text, isVisible } = await focused(page)
    if (tag === 'body' || text === 'Skip to the page') return stop
    assert.ok(isVisible, `the focus shows on ${tag} “${text}” at ${page.url()}`)
  }
  throw new Error(`going round ${page.url()}: the focus never left it`)
}

/** Runs in the page, which tests know as text. Fields show the focus by their border, some parts by that of a neighbour. */
const FOCUSED = `(() => {
  const element = document.activeElement
  if (element === null || element === document.body) return { tag: 'body', text: '', isVisible: true }
  const { visibility, boxShadow } = getComputedStyle(element)
  const { width, height } = element.getBoundingClientRect()
  const isRinged = [element, element.nextElementSibling, element.parentElement].some(
    (each) => each !== null && getComputedStyle(each).outlineStyle !== 'none',
  )
  const isField = /^(input|textarea|select)$/i.test(element.tagName)
  return {
    tag: element.tagName.toLowerCase(),
    text: (element.getAttribute('aria-label') ?? element.textContent ?? '').trim().slice(0, 60),
    isVisible: visibility !== 'hidden' && width * height > 0 && (isRinged || isField || boxShadow !== 'none'),
  }
})()`

function focused(page: Page): Promise<Stop> {
  return page.evaluate<Stop>(FOCUSED)
}
