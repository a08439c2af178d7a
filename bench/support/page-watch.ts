/** What a person waits for on the page, told by the browser's own clock: first paint, the count after an edit, people found. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'

const WAIT_MS = 120_000

/**
 * Opens an address in a page that has opened none before.
 * @param content selects what makes the page useful
 * @returns milliseconds from the beginning of the navigation to the first frame with the content in it
 */
export async function paintOf(page: Page, address: string, content: string): Promise<number> {
  await page.addInitScript(`(${WATCH_PAINT})(${JSON.stringify(content)})`)
  await page.goto(address, { waitUntil: 'commit' })
  return seen(page)
}

/** Milliseconds from the event of an edit in the builder to the new count. */
export async function countAfter(page: Page, edit: () => Promise<void>): Promise<number> {
  await page.evaluate(WATCH_COUNT)
  await edit()
  return seen(page)
}

/**
 * Types into the search for people, at the pace of somebody who types well.
 * @param text the first of the people found bears it
 * @returns milliseconds from the last key to the people, or to word of nobody; and those of its request alone
 */
export async function search(
  page: Page,
  text: string,
): Promise<{ readonly shown: number; readonly asked: number; readonly found: boolean }> {
  const field = page.getByRole('combobox', { name: 'Find a person' })
  await field.fill('')
  await page.evaluate(`(${WATCH_SEARCH})(${JSON.stringify(text)})`)
  await field.pressSequentially(text, { delay: 120 })
  const shown = await seen(page)
  const found = (await page.getByRole('option').count()) > 0
  return { shown, found, asked: await requestOf(page, '/api/v1/profiles/search') }
}

/** Milliseconds of the newest request to an address. */
export async function requestOf(page: Page, address: string): Promise<number> {
  const durations = await page.evaluate<number[]>(
    `performance.getEntriesByType('resource').filter(({ name }) => name.includes(${JSON.stringify(address)})).map(({ duration }) => duration)`,
  )
  return durations.at(-1) ?? Number.NaN
}

/** What the page measures as `seen`, milliseconds. */
async function seen(page: Page): Promise<number> {
  const tooLate = new AbortController()
  const late = sleep(WAIT_MS, undefined, { signal: tooLate.signal }).then(() => {
    throw new Error(`waiting for ${page.url()}: nothing that was watched for showed`)
  })
  try {
    return await Promise.race([page.evaluate<number>(SEEN), late])
  } finally {
    tooLate.abort()
    late.catch(() => undefined)
  }
}

const SEEN = `new Promise((resolve) => new PerformanceObserver((list, observer) => {
  const [entry] = list.getEntriesByName('seen')
  if (entry === undefined) return
  observer.disconnect()
  resolve(entry.duration)
}).observe({ type: 'measure', buffered: true }))`

/** In the page: says that something is on show, once the frame is painted. */
const SHOWN = `(start) => requestAnimationFrame(() => setTimeout(() =>
  performance.measure('seen', { start, end: performance.now() })))`

const WATCH_PAINT = `(content) => {
  const observer = new MutationObserver(() => {
    if (![...document.querySelectorAll(content)].some((element) => element.getClientRects().length > 0)) return
    observer.disconnect();
    (${SHOWN})(0)
  })
  observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true })
}`

/** The last count stays, marked as old, until the new one is there. */
const WATCH_COUNT = `(() => {
  performance.clearMeasures('seen')
  let start
  let wasOld = false
  addEventListener('input', ({ timeStamp }) => { start = timeStamp }, { capture: true, once: true })
  const observer = new MutationObserver(() => {
    const count = document.querySelector('[aria-label="How many people"] [aria-atomic] > :first-child')
    if (start === undefined || count === null) return
    if (count.hasAttribute('data-old')) wasOld = true
    else if (wasOld) {
      observer.disconnect();
      (${SHOWN})(start)
    }
  })
  observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true })
})()`

/** A spinner in the field says that people are being looked for. */
const WATCH_SEARCH = `(text) => {
  performance.clearMeasures('seen')
  performance.clearResourceTimings()
  const field = document.activeElement
  const said = field.closest('.mantine-TextInput-root').parentElement.querySelector('[role="status"]')
  const isOf = (person) => person?.textContent.toLowerCase().includes(text.toLowerCase())
  let start
  let wasAsked = false
  const restart = ({ timeStamp }) => { start = timeStamp; wasAsked = false }
  addEventListener('input', restart, { capture: true })
  const observer = new MutationObserver(() => {
    if (field.value !== text) return
    const first = document.querySelector('[aria-label="People found"] [role="option"]')
    if (field.closest('.mantine-TextInput-root').querySelector('.mantine-Loader-root') !== null) wasAsked = true
    else if (wasAsked && (isOf(first) || said.textContent.startsWith('Nobody'))) {
      observer.disconnect()
      removeEventListener('input', restart, { capture: true });
      (${SHOWN})(start)
    }
  })
  observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true })
}`
