/** What the page asks of activations, destinations and refreshes, over a stack that runs. */
import assert from 'node:assert/strict'
import type { TestSession } from '../../server/testing/test-server.js'
import { customer } from '../support/audience.js'
import { ask, events, get, type PageApi, startPageApi } from '../support/page-api.js'
import { until } from '../support/until.js'

describe('the API of activations', function () {
  this.timeout(180_000)
  let api: PageApi
  let viewer: TestSession
  let marketer: TestSession

  before(async () => {
    api = await startPageApi()
    ;({ viewer, marketer } = api)
  })
  after(() => api?.stop())

  describe('activations', () => {
    interface Event {
      readonly type: 'progress' | 'ended'
      readonly report?: { readonly run: string; readonly outcome: string; readonly adds: number }
    }
    /** The report of a run, as the page hears of it. */
    async function followed(run: string): Promise<NonNullable<Event['report']>> {
      const told = await events<Event>(viewer, `/activations/parisians/progress?run=${run}`)
      assert.equal(told.at(-1)?.type, 'ended')
      return told.at(-1)!.report!
    }

    it('are planned without sending, and shown before and after', async () => {
      const { runId } = await ask<{ runId: string }>(marketer, 'POST', '/activations/parisians/plan')
      const report = await followed(runId)
      assert.deepEqual([report.outcome, report.adds], ['planned', 8])
      assert.equal(api.audience.mailer.recipients.size, 0)
      const shown = await get<{ sample: { counts: object; records: { add: { match: unknown }[] } } }>(
        viewer,
        `/activations/parisians/runs/${runId}?limit=2`,
      )
      assert.deepEqual(shown.sample.counts, { add: 8, change: 0, remove: 0 })
      assert.deepEqual(
        shown.sample.records.add.map(({ match }) => match),
        ['•••', '•••'],
      )
    })

    it('are sent, listed and remembered', async () => {
      const { runId } = await ask<{ runId: string }>(marketer, 'POST', '/activations/parisians/apply')
      assert.equal((await followed(runId)).outcome, 'succeeded')
      assert.equal(api.audience.mailer.recipients.size, 8)
      const { activations } = await get<{
        activations: { id: string; state: string; live: { lastOutcome: string } }[]
      }>(viewer, '/activations')
      assert.deepEqual(
        activations.map(({ id, state, live }) => [id, state, live.lastOutcome]),
        [['parisians', 'published', 'succeeded']],
      )
      const status = await get<{ records: number }>(viewer, '/activations/parisians/status')
      assert.equal(status.records, 8)
      const { runs } = await get<{ runs: { run: string }[] }>(viewer, '/activations/parisians/history')
      assert.equal(runs[0]?.run, runId)
      const { records } = await get<{ records: { activation: string; match: unknown }[] }>(
        marketer,
        `/profiles/${await api.idOf('c1@example.com')}/destinations`,
      )
      assert.deepEqual(
        records.map(({ activation, match }) => [activation, match]),
        [['parisians', { email: 'c1@example.com' }]],
      )
    })

    it('wait for an approval of the plan that was shown, and of no other', async () => {
      await api.audience.haveCustomers([customer(1), customer(9, { city: 'Lyon', name: 'Ada Lovelace' })])
      await api.audience.refresh()
      const { runId } = await ask<{ runId: string }>(marketer, 'POST', '/activations/parisians/apply')
      const path = '/activations/parisians/waiting'
      await until(
        async () => (await viewer.send({ method: 'GET', url: `/api/v1${path}` })).statusCode === 200,
      )
      const waiting = await get<{ plan: { hash: string }; sample: { counts: { remove: number } } }>(
        viewer,
        path,
      )
      assert.equal(waiting.sample.counts.remove, 7)
      const outdated = await ask<{ error: { name: string } }>(
        marketer,
        'POST',
        '/activations/parisians/approve',
        {
          body: { hash: '0'.repeat(64) },
          status: 409,
        },
      )
      assert.equal(outdated.error.name, 'PlanOutdated')
      await ask(viewer, 'POST', '/activations/parisians/approve', {
        body: { hash: waiting.plan.hash },
        status: 403,
      })
      await ask(marketer, 'POST', '/activations/parisians/approve', { body: { hash: waiting.plan.hash } })
      assert.equal((await followed(runId)).outcome, 'succeeded')
      assert.equal(api.audience.mailer.recipients.size, 1)
    })

    it('are taken back after a dry run, and held until somebody resumes them', async () => {
      const { runs } = await get<{ runs: { run: string }[] }>(
        viewer,
        '/activations/parisians/history?limit=1',
      )
      const run = runs[0]!.run
      const dry = await ask<{ runId: string }>(marketer, 'POST', '/activations/parisians/undo', {
        body: { run, planOnly: true },
      })
      assert.equal((await followed(dry.runId)).outcome, 'planned')
      assert.equal(api.audience.mailer.recipients.size, 1)
      const undo = await ask<{ runId: string }>(marketer, 'POST', '/activations/parisians/undo', {
        body: { run, planOnly: false },
      })
      assert.equal((await followed(undo.runId)).outcome, 'succeeded')
      assert.equal(api.audience.mailer.recipients.size, 8)
      const { state } = await get<{ state: string }>(viewer, '/activations/parisians/status')
      assert.equal(state, 'paused')
      assert.deepEqual(await ask(marketer, 'POST', '/activations/parisians/resume'), {
        activation: 'parisians',
        paused: false,
        changed: true,
      })
    })

    it('give their rejects as a list and as a file of lines', async () => {
      assert.deepEqual(await get(viewer, '/activations/parisians/rejects'), { rejects: [] })
      const file = await marketer.send({ method: 'GET', url: '/api/v1/activations/parisians/rejects.ndjson' })
      assert.deepEqual(
        [file.statusCode, file.headers['content-disposition'], file.body],
        [200, 'attachment; filename="parisians-rejects.ndjson"', ''],
      )
      await ask(viewer, 'GET', '/activations/parisian/rejects.ndjson', { status: 404 })
    })

    it('say of a definition what is wrong with it', async () => {
      const definition = {
        segment: 'parisian',
        destination: 'mailer',
        object: 'records',
        mode: 'mirror',
        match: { email: 'identifiers.email' },
      }
      const { problems } = await ask<{ problems: { path: unknown[]; remedy: string }[] }>(
        marketer,
        'POST',
        '/activations/check',
        { body: { definition } },
      )
      assert.deepEqual(
        problems.map(({ path }) => path),
        [['segment']],
      )
    })

    it('show what a definition would send about real people, and to nobody without the right', async () => {
      const definition = {
        segment: 'parisians',
        destination: 'mailer',
        object: 'records',
        mode: 'mirror',
        match: { email: 'identifiers.email' },
        fields: { greeting: { template: 'Bonjour {{ traits.name }}' } },
      }
      const path = '/activations/preview'
      const { people } = await ask<{ people: { match: object; fields: object }[] }>(marketer, 'POST', path, {
        body: { definition, limit: 1 },
      })
      assert.deepEqual(
        people.map(({ match, fields }) => [match, fields]),
        [[{ email: 'c1@example.com' }, { greeting: 'Bonjour Customer 1' }]],
      )
      await ask(viewer, 'POST', path, { body: { definition }, status: 403 })
      const wrong = await ask<{ error: { name: string } }>(marketer, 'POST', path, {
        body: { definition: { ...definition, segment: 'parisian' } },
        status: 400,
      })
      assert.equal(wrong.error.name, 'DraftInvalid')
    })
  })

  describe('destinations', () => {
    it('are listed, and say what can be written to them', async () => {
      const { destinations } = await get<{
        destinations: { id: string; connector: string; activations: string[] }[]
      }>(viewer, '/destinations')
      assert.deepEqual(
        destinations.map(({ id, connector, activations }) => [id, connector, activations]),
        [['mailer', 'destination-webhook', ['parisians']]],
      )
      const { objects } = await get<{ objects: { name: string }[] }>(marketer, '/destinations/mailer/objects')
      assert.deepEqual(
        objects.map(({ name }) => name),
        ['records'],
      )
    })

    it('keep secrets that are typed, and give back a reference', async () => {
      const definition = {
        connector: 'destination-webhook',
        config: { url: api.audience.mailer.url, secret: 'typed by a person' },
      }
      const written = await ask<{ text: string; definition: { config: { secret: string } } }>(
        marketer,
        'PUT',
        '/destinations/hook',
        { body: { definition } },
      )
      assert.match(written.definition.config.secret, /^\$\{secret:\w+\}$/)
      assert.doesNotMatch(written.text, /typed by a person/)
    })
  })

  describe('refreshes', () => {
    it('are asked for, and watched to their end', async () => {
      await ask(marketer, 'POST', '/refresh', { body: {} })
      const moments = await events<{ running: boolean; last: { outcome: string } }>(
        viewer,
        '/refresh/progress',
      )
      assert.deepEqual([moments.at(-1)?.running, moments.at(-1)?.last.outcome], [false, 'succeeded'])
      const { rounds } = await get<{ rounds: { outcome: string }[] }>(viewer, '/refresh?limit=1')
      assert.deepEqual(
        rounds.map(({ outcome }) => outcome),
        ['succeeded'],
      )
    })
  })
})
