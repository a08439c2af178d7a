/** Every kind of condition, built by hand as a marketer does: what is saved is the file of the reference, and opens again as it was. */
import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Locator, Page } from 'playwright-core'
import { parse } from 'yaml'
import { changeList } from '../../operations/people/lists.js'
import { type Audience, customers, startAudience } from '../support/audience.js'
import { syncUntilSucceeded } from '../support/sync.js'
import { needChromium, openBrowser, settled, signIn } from './browser.js'

const SERVER = fileURLToPath(new URL('../../server/main.js', import.meta.url))

/** Traits of every kind, and events with properties of every kind. */
const FILES = {
  'sources/till.yaml': `connector: source-files
config: { location: { folder: data }, streams: [{ name: orders, glob: "orders.ndjson", format: ndjson }] }
schedule: manual
streams:
  - { name: orders, sync_mode: full_refresh, destination_sync_mode: overwrite, primary_key: [id] }
`,
  'mappings/orders.yaml': `stream: till.orders
identifiers: { customer_id: customer }
events:
  - { name: Order Completed, message_id: [id], timestamp: at, properties: { total: total, channel: channel, gift: gift } }
  - { name: Cart Updated, message_id: [id], timestamp: at, properties: { total: total } }
traits: { spent: total, joined: at, member: gift, tags: tags }
`,
}
const ORDERS = Array.from({ length: 8 }, (_, index) => ({
  id: index + 1,
  customer: index + 1,
  at: `2026-01-0${index + 1}T10:00:00Z`,
  total: 10 * (index + 1),
  channel: index % 2 === 0 ? 'store' : 'web',
  gift: index % 2 === 0,
  tags: ['wine', 'cheese'],
}))

/** What is done in the fields of one condition. */
type Steps = (condition: Fields) => Promise<void>

/** The fields of one condition, by the names that a reader of a screen hears. */
interface Fields {
  choose(field: string, option: string): Promise<void>
  type(field: string, text: string): Promise<void>
  press(button: string): Promise<void>
  check(box: string): Promise<void>
}

const trait =
  (name: string, operator: string, literal?: (fields: Fields, of: string) => Promise<void>): Steps =>
  async (fields) => {
    await fields.choose('Trait', name)
    await fields.choose(`Comparison of ${name}`, operator)
    await literal?.(fields, `Value of ${name}`)
  }
const text =
  (typed: string) =>
  (fields: Fields, of: string): Promise<void> =>
    fields.type(of, typed)
const texts =
  (...values: readonly string[]) =>
  async (fields: Fields, of: string): Promise<void> => {
    for (const value of values) await fields.type(of, `${value}\n`)
  }
const range =
  (from: string, to: string) =>
  async (fields: Fields, of: string): Promise<void> => {
    await fields.type(`${of}: from`, from)
    await fields.type(`${of}: to`, to)
  }
const length =
  (count: string, unit: string) =>
  async (fields: Fields, of: string): Promise<void> => {
    await fields.type(of, count)
    await fields.choose(`${of}: unit`, unit)
  }

const performed =
  (event: string, ...steps: readonly Steps[]): Steps =>
  async (fields) => {
    await fields.choose('Event', event)
    for (const step of steps) await step(fields)
  }
const asked =
  (option: string): Steps =>
  (fields) =>
    fields.choose('How often or how much', option)
const when =
  (option: string, step?: Steps): Steps =>
  async (fields) => {
    await fields.choose('When', option)
    await step?.(fields)
  }
const ever = when('at any time')

const KINDS: Readonly<Record<string, RegExp>> = {
  trait: /^What they are/,
  performed: /^What they did/,
  sequence: /^One thing after another/,
  segment: /^Another segment/,
  consent: /^Consent/,
  identifier: /^How they can be reached/,
  list: /^A list/,
  random: /^A random share/,
  everyone: /^Everyone/,
}

/** Kind in the menu, what is done, and the condition as the reference of segment files has it. */
const CONDITIONS: Readonly<
  Record<string, readonly (readonly [kind: string, steps: Steps, written: unknown])[]>
> = {
  'traits of text': [
    ['trait', trait('city', 'is', text('Paris')), { trait: 'city', eq: 'Paris' }],
    ['trait', trait('city', 'is not', text('Lyon')), { trait: 'city', not_eq: 'Lyon' }],
    ['trait', trait('city', 'is one of', texts('Paris', 'Lyon')), { trait: 'city', in: ['Paris', 'Lyon'] }],
    ['trait', trait('city', 'is none of', texts('Nice')), { trait: 'city', not_in: ['Nice'] }],
    ['trait', trait('city', 'contains', text('ari')), { trait: 'city', contains: 'ari' }],
    ['trait', trait('city', 'does not contain', text('yo')), { trait: 'city', not_contains: 'yo' }],
    ['trait', trait('city', 'starts with', text('P')), { trait: 'city', starts_with: 'P' }],
    ['trait', trait('city', 'ends with', text('s')), { trait: 'city', ends_with: 's' }],
    ['trait', trait('city', 'matches the pattern', text('^P.*s$')), { trait: 'city', matches: '^P.*s$' }],
    ['trait', trait('city', 'is known'), { trait: 'city', exists: true }],
    ['trait', trait('name', 'is unknown'), { trait: 'name', absent: true }],
  ],
  'traits that are numbers, truth values and lists': [
    ['trait', trait('spent', 'is', text('10')), { trait: 'spent', eq: 10 }],
    ['trait', trait('spent', 'is one of', texts('10', '20')), { trait: 'spent', in: [10, 20] }],
    ['trait', trait('spent', 'is more than', text('10')), { trait: 'spent', gt: 10 }],
    ['trait', trait('spent', 'is at least', text('10.5')), { trait: 'spent', gte: 10.5 }],
    ['trait', trait('spent', 'is less than', text('1000')), { trait: 'spent', lt: 1000 }],
    ['trait', trait('spent', 'is at most', text('100')), { trait: 'spent', lte: 100 }],
    ['trait', trait('spent', 'is between', range('10', '80')), { trait: 'spent', between: [10, 80] }],
    ['trait', trait('member', 'is', (fields, of) => fields.choose(of, 'no')), { trait: 'member', eq: false }],
    ['trait', trait('tags', 'has any of', texts('wine', 'tea')), { trait: 'tags', any_of: ['wine', 'tea'] }],
    ['trait', trait('tags', 'has all of', texts('wine')), { trait: 'tags', all_of: ['wine'] }],
  ],
  'traits that are times': [
    ['trait', trait('joined', 'is before', text('2026-03-01')), { trait: 'joined', before: '2026-03-01' }],
    ['trait', trait('joined', 'is after', text('2026-01-01')), { trait: 'joined', after: '2026-01-01' }],
    [
      'trait',
      trait('joined', 'is at least', async (fields, of) => {
        await fields.press(`${of}: with a time of day`)
        await fields.type(of, '2026-01-01T08:30')
      }),
      { trait: 'joined', gte: '2026-01-01T08:30' },
    ],
    [
      'trait',
      trait('joined', 'is between', range('2026-01-01', '2026-01-31')),
      { trait: 'joined', between: ['2026-01-01', '2026-01-31'] },
    ],
    [
      'trait',
      trait('joined', 'is within the last', length('2', 'years')),
      { trait: 'joined', within_last: '2y' },
    ],
    [
      'trait',
      trait('joined', 'is longer ago than', length('12', 'hours')),
      { trait: 'joined', before_last: '12h' },
    ],
    [
      'trait',
      trait('joined', 'is within the next', length('7', 'days')),
      { trait: 'joined', within_next: '7d' },
    ],
    [
      'trait',
      trait('joined', 'is further away than', length('90', 'minutes')),
      { trait: 'joined', after_next: '90m' },
    ],
  ],
  'events, how often and how much': [
    ['performed', performed('Order Completed'), { performed: 'Order Completed', within: '30d' }],
    [
      'performed',
      performed('Order Completed', asked('never'), ever),
      { performed: 'Order Completed', times: { eq: 0 } },
    ],
    [
      'performed',
      performed('Order Completed', asked('so many times'), ever, async (fields) => {
        await fields.choose('Comparison of the number of times', 'at most')
        await fields.type('Times', '5')
      }),
      { performed: 'Order Completed', times: { lte: 5 } },
    ],
    [
      'performed',
      performed('Order Completed', asked('so many times'), ever, async (fields) => {
        await fields.choose('Comparison of the number of times', 'between')
        await fields.type('Times', '1')
        await fields.type('Times, at most', '4')
      }),
      { performed: 'Order Completed', times: { between: [1, 4] } },
    ],
    [
      'performed',
      performed('Order Completed', asked('so much'), ever, async (fields) => {
        await fields.choose('Property that is computed with', 'total')
        await fields.choose('Comparison of what is computed', 'is more than')
        await fields.type('Value to compare with', '50')
      }),
      { performed: 'Order Completed', aggregate: { sum: 'total' }, gt: 50 },
    ],
    [
      'performed',
      performed('Order Completed', asked('so much'), ever, async (fields) => {
        await fields.choose('What is computed', 'average of')
        await fields.choose('Property that is computed with', 'total')
        await fields.check('their own trait')
        await fields.choose('Trait to compare with', 'spent')
      }),
      { performed: 'Order Completed', aggregate: { avg: 'total' }, gte: { trait: 'spent' } },
    ],
    [
      'performed',
      performed('Order Completed', asked('so much'), ever, async (fields) => {
        await fields.choose('What is computed', 'most frequent')
        await fields.choose('Property that is computed with', 'channel')
        await fields.type('Value to compare with', 'web')
      }),
      { performed: 'Order Completed', aggregate: { most_frequent: 'channel' }, eq: 'web' },
    ],
    [
      'performed',
      performed('Order Completed', asked('so much'), ever, async (fields) => {
        await fields.choose('What is computed', 'number of times')
        await fields.type('Value to compare with', '1')
      }),
      { performed: 'Order Completed', aggregate: 'count', gte: 1 },
    ],
    [
      'performed',
      performed('Order Completed', asked('for the first time'), ever),
      { performed: 'Order Completed', occurrence: 'first' },
    ],
    [
      'performed',
      performed('Order Completed', asked('for the last time'), ever, async (fields) => {
        await fields.press('only where …')
        await fields.choose('Property', 'channel')
        await fields.type('Value of channel', 'store')
        await fields.press('and where …')
        await fields.choose('Property', 'gift')
        await fields.choose('Value of gift', 'yes')
      }),
      {
        performed: 'Order Completed',
        occurrence: 'last',
        where: [
          { property: 'channel', eq: 'store' },
          { property: 'gift', eq: true },
        ],
      },
    ],
  ],
  'windows of every kind': [
    [
      'performed',
      performed(
        'Order Completed',
        when('in the last', (fields) => length('6', 'hours')(fields, 'Length of time')),
      ),
      { performed: 'Order Completed', within: '6h' },
    ],
    [
      'performed',
      performed(
        'Order Completed',
        when('between … and … ago', async (fields) => {
          await length('60', 'days')(fields, 'From so long ago')
          await length('10', 'days')(fields, 'To so long ago')
        }),
      ),
      { performed: 'Order Completed', between: { from: '60d', to: '10d' } },
    ],
    [
      'performed',
      performed(
        'Order Completed',
        when('between two dates', async (fields) => {
          await fields.type('From', '2026-01-01')
          await fields.type('To, included', '2026-01-31')
        }),
      ),
      { performed: 'Order Completed', since: '2026-01-01', until: '2026-01-31' },
    ],
    [
      'performed',
      performed(
        'Order Completed',
        when('between two dates', (fields) => fields.type('From', '2026-01-01')),
      ),
      { performed: 'Order Completed', since: '2026-01-01' },
    ],
    [
      'performed',
      performed(
        'Order Completed',
        when('in the calendar’s', (fields) => fields.choose('Period', 'last quarter')),
      ),
      { performed: 'Order Completed', calendar: 'last_quarter' },
    ],
  ],
  'everything else': [
    [
      'sequence',
      async (fields) => {
        await fields.choose('Step 1: event', 'Cart Updated')
        await fields.choose('Step 2: event', 'Order Completed')
        await fields.choose('Step 2: happened or not', 'then did not do')
        await length('1', 'days')(fields, 'Length of time of the sequence')
      },
      { sequence: [{ performed: 'Cart Updated' }, { not: { performed: 'Order Completed' } }], within: '1d' },
    ],
    [
      'sequence',
      async (fields) => {
        await fields.choose('Step 1: event', 'Cart Updated')
        await fields.choose('Step 2: event', 'Order Completed')
      },
      { sequence: [{ performed: 'Cart Updated' }, { performed: 'Order Completed' }], within: '7d' },
    ],
    ['segment', (fields) => fields.choose('Segment', 'Parisians'), { segment: 'parisians' }],
    ['consent', async () => undefined, { consent: 'marketing' }],
    [
      'identifier',
      (fields) => fields.choose('Known or not', 'have no'),
      { identifier: 'email', absent: true },
    ],
    ['list', (fields) => fields.choose('List', 'vip'), { list: 'vip' }],
    ['random', (fields) => fields.type('Share in percent', '12.5'), { random: { share: 0.125 } }],
    ['everyone', async () => undefined, { everyone: true }],
  ],
}

describe('the segment builder', function () {
  this.timeout(900_000)
  let browser: Browser
  let audience: Audience
  let page: Page
  let url: string
  let errors: readonly string[]

  before(async function () {
    needChromium(this)
    audience = await startAudience({ serverEntry: SERVER, files: FILES })
    await audience.haveCustomers(customers(1, 8))
    await writeFile(
      join(audience.stack.workspaceDir, 'data', 'orders.ndjson'),
      ORDERS.map((order) => `${JSON.stringify(order)}\n`).join(''),
    )
    await syncUntilSucceeded(audience.stack, 'till')
    await changeList(audience.stack.context, 'add', 'vip', {
      type: 'email',
      values: ['c1@example.com'],
      author: 'test',
      refresh: false,
    })
    await audience.refresh()
    browser = await openBrowser()
    ;({ page, url, errors } = await signIn(browser, audience.stack))
    page.setDefaultTimeout(60_000)
  })
  after(async () => {
    await browser?.close()
    await audience?.stop()
  })

  const fieldsOf = (card: Locator): Fields => ({
    async choose(field, option) {
      const box = card.getByRole('combobox', { name: field, exact: true }).last()
      const wanted = page
        .getByRole('option')
        .filter({ has: page.getByText(option, { exact: true }), visible: true })
      // A list that opens while the page still moves closes again: then it is opened once more.
      await tryAgain(async () => {
        if ((await box.getAttribute('aria-expanded')) !== 'true') await box.click()
        await wanted.click({ timeout: 5000 })
      })
    },
    async type(field, typed) {
      const input = card.getByLabel(field, { exact: true }).last()
      if (!typed.endsWith('\n')) return input.fill(typed)
      await input.fill(typed.trim())
      await input.press('Enter')
    },
    press: (button) => card.getByRole('button', { name: button, exact: true }).last().click(),
    check: (box) => card.getByRole('checkbox', { name: box, exact: true }).check(),
  })

  const add = async (kind: string, isFirst: boolean): Promise<Fields> => {
    const name = isFirst ? 'Add the first condition' : 'Add a condition'
    await page.getByRole('button', { name, exact: true }).last().click()
    await page.getByRole('menuitem', { name: KINDS[kind]! }).click()
    return fieldsOf(page.locator('#main [data-part$="fields"]').last())
  }

  const draft = async (id: string): Promise<unknown> =>
    parse(await readFile(join(audience.stack.workspaceDir, 'segments', `${id}.yaml`), 'utf8'))

  const shownYaml = async (): Promise<unknown> => {
    await page.getByText('YAML', { exact: true }).click()
    return parse((await page.getByRole('region', { name: 'The segment as YAML' }).textContent()) ?? '')
  }

  for (const [about, conditions] of Object.entries(CONDITIONS)) {
    it(`writes ${about} as the reference has them, and opens them again`, async () => {
      const written = { name: about, who: { all: conditions.map(([, , condition]) => condition) } }
      await page.goto(`${url}/segments/new`)
      await settled(page)
      await page.getByRole('textbox', { name: 'Name' }).fill(about)
      for (const [index, [kind, steps]] of conditions.entries()) await steps(await add(kind, index === 0))
      await page.getByText(/^People .*\.$/).waitFor()
      await page.getByText('counted in').waitFor()
      await page.getByRole('button', { name: 'Save', exact: true }).click()
      await page.waitForURL(/\/edit$/)
      const id = new URL(page.url()).pathname.split('/')[2]!
      assert.deepEqual(await draft(id), written)

      await page.reload()
      await settled(page)
      await page.getByText('counted in').waitFor()
      assert.equal(await page.getByText('has no form here').count(), 0)
      assert.deepEqual(await shownYaml(), written)
      assert.deepEqual(errors, [])
    })
  }
})

async function tryAgain(work: () => Promise<void>, times = 3): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (times <= 1) throw error
    await tryAgain(work, times - 1)
  }
}
