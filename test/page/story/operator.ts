/** Beside the marketer's page: what operators see of the same runs in Temporal. */
import assert from 'node:assert/strict'
import { until } from '../../support/until.js'
import { formatted } from './expected.js'
import { goTo, type Marketer, WAIT_MS } from './marketer.js'
import { ACTIVATION } from './sending.js'
import { addressesOf, lapsed } from './shop-data.js'
import type { Stage } from './stage.js'
import { type TemporalView, temporalView } from './temporal-view.js'

/** Of the run that is on show at the page: its link leads there. */
export async function theSyncInTemporal({ page }: Marketer, stage: Stage): Promise<void> {
  const { customers, orders } = stage.data
  const rows = customers.length + orders.length
  const { attributes, ...shown } = await followTheLink({ page }, stage)
  assert.deepEqual(withRevision(attributes), {
    Source: 'shop',
    Connector: 'source-postgres',
    Revision: 'n',
    SyncOutcome: 'succeeded',
    RowsLoaded: rows,
  })
  assert.deepEqual(shown, {
    summary: 'source-postgres → warehouse, by hand',
    details: [
      `shop: succeeded, ${formatted(rows)} rows of 2 streams in n s`,
      `**shop** by source-postgres 0.1.0 · revision n · ${formatted(rows)} rows · n rows/s · started by hand`,
      '| stream | status | rows | bytes | rejects | slices | cursor |',
      '|---|---|---:|---:|---:|---:|---|',
      `| \`public.customers\` | ✅ succeeded | ${formatted(customers.length)} | n bytes | 0 | 1 | n |`,
      `| \`public.orders\` | ✅ succeeded | ${formatted(orders.length)} | n bytes | 0 | 1 | n |`,
    ],
    timeline: [
      'PostgreSQL → shop · public.customers · incremental append_dedup',
      'PostgreSQL → shop · public.orders · incremental append_dedup',
    ],
    attempts: shown.attempts,
  })
  const reading = await temporalView(stage.stack, 'stream/shop/public.orders')
  assert.deepEqual(reading.timeline, [
    'open public.orders',
    'public.orders · slice 1',
    'finish public.orders',
  ])
  assert.ok(reading.attempts > 1, 'the slice that the killed worker had begun was begun again')
}

/** Of the refresh that counted the segment for the first time. */
export async function theRefreshInTemporal(marketer: Marketer, stage: Stage): Promise<void> {
  const { page } = marketer
  const { data, now } = stage
  const size = formatted(lapsed(data, 500, 60, now).length)
  const addresses = addressesOf(data).size
  const identifiers = addresses + data.customers.length + data.loyalty.length
  await goTo(marketer, 'Runs')
  await page
    .getByRole('table', { name: 'Runs' })
    .getByRole('link', { name: 'Refresh of people and segments' })
    .first()
    .click()
  await page.getByText('Ended', { exact: true }).waitFor()
  const { attributes, ...shown } = await followTheLink(marketer, stage)
  assert.deepEqual(withRevision(attributes), {
    Source: 'profiles',
    Revision: 'n',
    SyncOutcome: 'succeeded',
    RowsLoaded: 2,
  })
  assert.deepEqual(shown, {
    summary: 'profiles and segments of shop',
    details: [
      `shop: succeeded, ${formatted(addresses)} profiles, 1 segments in n s`,
      `${formatted(addresses)} profiles of ${formatted(identifiers)} identifiers; 0 merged, 0 split, 0 links refused`,
      '| step | status | rows | seconds |',
      '|---|---|---:|---:|',
      '| mapping customers | ✅ nothing new | 0 | n |',
      '| mapping members | ✅ nothing new | 0 | n |',
      '| mapping orders | ✅ nothing new | 0 | n |',
      '| identity | ✅ nothing new | 0 | n |',
      '| traits | ✅ nothing new | 0 | n |',
      '| segments | ✅ done | 2 | n |',
      '| segment | size | entered | left | seconds | |',
      '|---|---:|---:|---:|---:|---|',
      `| lapsed-big-spenders | ${size} | ${size} | 0 | n |  |`,
    ],
    timeline: [
      'mapping customers',
      'mapping members',
      'mapping orders',
      'identity',
      'traits',
      'segments',
      'accept segments',
      'ask for activations',
      'clear away',
    ],
    attempts: shown.attempts,
  })
}

/** Everything of one activation, as the saved query finds it, the oldest first. */
export async function theActivationsInTemporal({ stack, data, now }: Stage): Promise<void> {
  const members = lapsed(data, 500, 60, now).length
  const stay = Math.ceil(members / 5)
  const leave = members - stay
  const runs = await runsOf(stack, `Activation='${ACTIVATION}'`, 4)
  const begun = `plan ${ACTIVATION}`
  const sent = `${ACTIVATION} · from batch 1 of 1`
  assert.deepEqual(
    runs.map(({ attributes, summary, details, timeline }) => ({
      attributes: withRevision(attributes),
      summary,
      counts: details.find((line) => /^\| \d/.test(line)),
      timeline,
    })),
    [
      {
        attributes: attributesOf('planned', 0),
        summary: `${ACTIVATION}: plan, by hand`,
        counts: countsOf({ members, adds: members }),
        timeline: [begun],
      },
      {
        attributes: attributesOf('succeeded', members),
        summary: `${ACTIVATION}: by hand`,
        counts: countsOf({ members, adds: members }),
        timeline: [begun, sent],
      },
      {
        attributes: attributesOf('succeeded', leave),
        summary: `${ACTIVATION}: by hand`,
        counts: countsOf({ members: stay, removes: leave, unchanged: stay }),
        timeline: [begun, ...Array(2).fill(`${ACTIVATION} waits for an approval`), sent],
      },
      {
        attributes: attributesOf('succeeded', leave),
        summary: `${ACTIVATION}: take back run n`,
        counts: countsOf({ members: 0, adds: leave }),
        timeline: [begun, sent],
      },
    ],
  )
  assert.deepEqual(runs[2]?.details.slice(-2), [
    `🛑 **max_removes**: removes ${formatted(leave)} of ${formatted(members)} records; from 20 on at most ${Math.floor(members * 0.3)} (30 %) are allowed`,
    'approved by Mara Keller at n',
  ])
}

const attributesOf = (outcome: string, acknowledged: number) => ({
  Activation: ACTIVATION,
  Connector: 'destination-webhook',
  Segment: 'lapsed-big-spenders',
  Revision: 'n',
  SyncOutcome: outcome,
  RowsLoaded: acknowledged,
  RowsRejected: 0,
})

/** The line of a plan's table. */
function countsOf(counts: { members: number; adds?: number; removes?: number; unchanged?: number }): string {
  const { members, adds = 0, removes = 0, unchanged = 0 } = counts
  return `| ${[members, adds, 0, removes, unchanged, 0, 0, 0, 0, 0].map(formatted).join(' | ')} |`
}

/** A revision is known by its hash. */
function withRevision({ Revision, ...attributes }: TemporalView['attributes']): object {
  return { ...attributes, Revision: /^[0-9a-f]{12,}$/.test(String(Revision)) ? 'n' : Revision }
}

async function followTheLink({ page }: Pick<Marketer, 'page'>, { stack }: Stage): Promise<TemporalView> {
  const link = await page.getByRole('link', { name: 'Open in Temporal' }).getAttribute('href')
  const [, id = '', runId] = /\/workflows\/([^/]+)\/([^/]+)/.exec(link ?? '') ?? []
  return temporalView(stack, decodeURIComponent(id), runId)
}

/** The list lags behind a little. */
async function runsOf(stack: Stage['stack'], query: string, count: number): Promise<TemporalView[]> {
  const { workflow } = await stack.context.temporal()
  const list = async () => {
    const found = []
    for await (const { workflowId, runId, startTime } of workflow.list({ query }))
      found.push({ workflowId, runId, startTime })
    return found.sort((a, b) => a.startTime.getTime() - b.startTime.getTime())
  }
  await until(async () => (await list()).length === count, WAIT_MS)
  return Promise.all((await list()).map(({ workflowId, runId }) => temporalView(stack, workflowId, runId)))
}
