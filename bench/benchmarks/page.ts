/** How long somebody waits at the page when there are many people: paints, counts, searches, and what the first load weighs. */
import type { Browser, Page } from 'playwright-core'
import type { Benchmark } from '../benchmark.js'
import { watchMachine } from '../measure/machine.js'
import { highestPeaks, measure, totalCpu, type Usage } from '../measure/processes.js'
import { median, rounded } from '../measure/statistics.js'
import { openBrowser, type Session, signedIn } from '../support/browser.js'
import { ACTIVATION, type EDITED, SEGMENT } from '../support/page-files.js'
import { countAfter, paintOf, requestOf, search } from '../support/page-watch.js'
import { firstLoad } from '../support/page-weight.js'
import { startPageWorld } from '../support/page-world.js'
import { withParts } from '../support/parts.js'
import type { BenchStack } from '../support/stack.js'

const EVENTS = 1_000_000
const EVENTS_PER_PERSON = 50

/** What each may take: milliseconds, and bytes of the first load. */
const LIMITS = { paint: 1500, count: 1000, search: 300, bytes: 400_000 } as const
type Promised = keyof typeof LIMITS

/** One kind of wait or weight, measured several times. */
interface Figure {
  readonly promised: Promised
  readonly what: string
  readonly values: readonly number[]
  readonly details?: Readonly<Record<string, number>>
}

/** What makes each page useful: rows of its table, its form, what it is about. */
const PAGES: Readonly<Record<string, string>> = {
  '/': '[aria-label="From sources to tools"]',
  '/sources': '#main tbody tr',
  '/sources/exports': '#main tbody tr',
  '/sources/exports/settings': '#main form input',
  '/sources/exports/rejects': '#main [role="tabpanel"] :is(tbody tr, h2, h3)',
  '/sources/exports/file': '#main [role="tabpanel"] pre',
  '/sources/new': '#main a[href^="/sources/new/"]',
  '/sources/new/source-postgres': '#main form input',
  '/sources/exports/streams/shops/mapping': '#main tbody tr, #main form',
  '/runs': '#main tbody tr',
  '/profiles': '#main [role="combobox"]',
  '/profiles/p5': '#main [role="tabpanel"] time',
  '/segments': '#main tbody tr',
  [`/segments/${SEGMENT}`]: '#main [role="tabpanel"] tbody tr, #main [role="tabpanel"] li',
  '/segments/new': '#main button[aria-label], #main [role="group"]',
  '/segments/edit-count/edit': '#main input[aria-label="Times"]',
  [`/segments/${SEGMENT}?tab=history`]: '#main [role="tabpanel"] tbody tr',
  '/segments/lists': '#main :is(tbody tr, h2, h3)',
  '/destinations': '#main tbody tr',
  '/destinations/mailer': '#main form input',
  '/destinations/new': '#main a[href^="/destinations/new/"]',
  '/destinations/new/destination-files': '#main form input',
  '/activations': '#main tbody tr',
  [`/activations/${ACTIVATION}`]: '#main tbody tr',
  [`/activations/${ACTIVATION}/edit`]: '#main input',
  '/activations/new': '#main input',
  '/settings/members': '#main tbody tr',
  '/settings/secrets': '#main [role="tabpanel"] :is(tbody tr, h2, h3)',
  '/settings/files': '#main tbody tr',
  '/settings/published': '#main tbody tr',
}

/** Where each kind of definition is edited: the field by its name, and a value that was not asked yet. */
const EDITS: Readonly<
  Record<keyof typeof EDITED, readonly [field: string, value: (turn: number) => string]>
> = {
  trait: ['Value of city', (turn) => `city-${turn + 2}`],
  count: ['Times', (turn) => `${turn + 4}`],
  sum: ['Value to compare with', (turn) => `${300 + 10 * turn}`],
  sequence: ['Length of time of the sequence', (turn) => `${turn + 8}`],
  several: ['Times', (turn) => `${turn + 3}`],
}

/** What people look for, and how it is found. */
const SEARCHES: Readonly<Record<string, (turn: number) => string>> = {
  'a customer number': (turn) => `c${1234 + 37 * turn}`,
  'the beginning of an e-mail address': (turn) => `e${123 + 17 * turn}@`,
  'an id': (turn) => `p${321 + turn}`,
  'a city': (turn) => `city-${11 + turn}`,
}

export const page: Benchmark = {
  name: 'page',
  claim:
    'with 1 million people and 50 million events (--rows 50000000) every page is useful within 1.5 s, a count shows within 1 s of an edit, people within 300 ms of the last key, and the first load of a page is less than 400 KB gzipped; the default is a fiftieth of it',
  run(options) {
    return withParts(async ({ folder, start }) => {
      const events = options.rows ?? EVENTS
      const size = { events, people: Math.ceil(events / EVENTS_PER_PERSON) }
      const stack = await start(startPageWorld(folder, size, options.log))
      const { browser } = await start(openBrowser())
      const session = await signedIn(browser, stack)
      const usages: Usage[] = []
      const figures: Figure[] = []
      const note = (figure: Figure) => {
        figures.push(figure)
        options.log(line(figure))
      }
      const look = { browser, session, url: stack.serverUrl!, runs: options.runs, note }
      const machine = await watchMachine()
      for (const part of [counts, searches, paints, weights]) {
        const { usage } = await measure(processesOf(stack), () => part(look))
        usages.push(usage)
        options.log(`CPU seconds ${JSON.stringify(usage.cpuSeconds)}, others ${usage.othersCpuSeconds}`)
      }
      const ratios = figures.map(({ promised, values }) => median(values) / LIMITS[promised])
      return {
        value: rounded(Math.max(...ratios)),
        unit: 'of the limit',
        reference:
          'limits: 1.5 s for a page, 1 s for a count, 300 ms for a search, 400,000 bytes for a first load',
        against: 1,
        ratio: rounded(Math.max(...ratios)),
        peakRssMb: highestPeaks(usages),
        details: {
          ...size,
          ...Object.fromEntries(
            Object.keys(LIMITS).map((promised) => [
              promised,
              rounded(Math.max(...ratios.filter((_, at) => figures[at]!.promised === promised))),
            ]),
          ),
          cpuSeconds: rounded(usages.reduce((sum, usage) => sum + totalCpu(usage), 0)),
        },
        runs: [
          ...figures.map(({ promised, what, values, details }, at) => ({
            promised,
            what,
            ratio: rounded(ratios[at]!),
            median: Math.round(median(values)),
            worst: Math.round(Math.max(...values)),
            ...details,
          })),
          ...usages.map((usage) => ({ machine, usage })),
        ],
      }
    })
  },
}

interface Look {
  readonly browser: Browser
  readonly session: Session
  readonly url: string
  readonly runs: number
  readonly note: (figure: Figure) => void
}

const processesOf = ({ processes }: BenchStack) => ({ bench: process.pid, ...processes })

async function weights({ browser, session, url, note }: Look): Promise<void> {
  for (const path of Object.keys(PAGES)) {
    const { gzipped, sent } = await firstLoad(browser, session, url + path)
    note({ promised: 'bytes', what: path, values: [gzipped], details: { sent } })
  }
}

/** Cold: a browser that never saw the page. Warm: one that has its files. */
async function paints({ browser, session, url, runs, note }: Look): Promise<void> {
  for (const [path, content] of Object.entries(PAGES)) {
    const times = { cold: [] as number[], warm: [] as number[] }
    for (let run = 0; run < runs; run++) {
      const browsing = await browser.newContext({ storageState: session })
      for (const cache of ['cold', 'warm'] as const) {
        const opened = await browsing.newPage()
        times[cache].push(await paintOf(opened, url + path, content))
        await opened.close()
      }
      await browsing.close()
    }
    for (const cache of ['cold', 'warm'] as const) {
      note({ promised: 'paint', what: `${path} ${cache}`, values: times[cache] })
    }
  }
}

async function counts(look: Look): Promise<void> {
  for (const [kind, [field, value]] of Object.entries(EDITS)) {
    await onPage(look, `/segments/edit-${kind}/edit`, async (opened) => {
      const input = opened.getByLabel(field, { exact: true }).first()
      await input.waitFor()
      await opened.getByText('counted in').waitFor()
      const values: number[] = []
      const asked: number[] = []
      for (let turn = 0; turn < look.runs; turn++) {
        values.push(await countAfter(opened, () => input.fill(value(turn))))
        asked.push(await requestOf(opened, '/api/v1/segments/preview'))
      }
      const details = { request: Math.round(median(asked)) }
      look.note({ promised: 'count', what: `edit of ${kind}`, values, details })
    })
  }
}

async function searches(look: Look): Promise<void> {
  await onPage(look, '/profiles', async (opened) => {
    for (const [what, text] of Object.entries(SEARCHES)) {
      const turns = []
      for (let turn = 0; turn < look.runs; turn++) turns.push(await search(opened, text(turn)))
      const details = {
        request: Math.round(median(turns.map(({ asked }) => asked))),
        // Traits are looked through for a moment only: on a busy machine that may be too short.
        foundNobody: turns.filter(({ found }) => !found).length,
      }
      look.note({ promised: 'search', what, values: turns.map(({ shown }) => shown), details })
    }
  })
}

async function onPage({ browser, session, url }: Look, path: string, work: (page: Page) => Promise<void>) {
  const browsing = await browser.newContext({ storageState: session })
  try {
    const opened = await browsing.newPage()
    opened.setDefaultTimeout(120_000)
    await opened.goto(url + path)
    await work(opened)
  } finally {
    await browsing.close()
  }
}

function line({ promised, what, values, details }: Figure): string {
  const unit = promised === 'bytes' ? 'bytes' : 'ms'
  const more = details === undefined ? '' : `, ${JSON.stringify(details)}`
  const ratio = rounded(median(values) / LIMITS[promised])
  return `${promised} ${what}: ${Math.round(median(values))} ${unit}, worst ${Math.round(Math.max(...values))}, ${ratio} of the limit${more}`
}
