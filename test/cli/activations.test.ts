/** Activations through the command line: real processes, a real stack, a mailing tool that checks every signature. */
import assert from 'node:assert/strict'
import {
  activationListSchema,
  activationRejectsSchema,
  activationReportSchema,
  activationStatusSchema,
} from '@tributary/schemas'
import { type Mailer, startMailer } from '../../examples/grocer/mailer/server.js'
import { type Schema, schemaProblems } from '../../runtime/validation.js'
import { until } from '../support/until.js'
import { CliWorkspace, normalised } from './support.js'

const REFUSED = 'eve@example.com'

const customers = (rows: readonly string[]) => `id,email,city\n${rows.map((row) => `${row}\n`).join('')}`
const WINBACK = `segment: parisians
destination: mailer
object: records
mode: mirror
match: { email: identifiers.email }
fields: { city: traits.city }
guards: { max_removes: { count: 0 } }
`
const FILES = {
  'tributary.yaml': 'workspace: letters\nrefresh: manual\n',
  'sources/shop.yaml': `connector: source-files
config:
  location: { folder: ./shop }
  streams: [{ name: customers, glob: "customers.csv", primary_key: [id] }]
schedule: manual
streams: [{ name: customers, sync_mode: full_refresh, destination_sync_mode: overwrite }]
`,
  'shop/customers.csv': customers([
    '1,ada@example.com,Paris',
    '2,ben@example.com,Paris',
    `3,${REFUSED},Paris`,
    '4,kim@example.com,Lyon',
  ]),
  'identity.yaml': 'identifiers: { customer_id: { unique: true }, email: { normalize: email, limit: 3 } }\n',
  'mappings/customers.yaml': `stream: shop.customers
identifiers: { customer_id: id, email: email }
traits: { city: city }
`,
  'segments/parisians.yaml': 'name: Parisians\nwho: { trait: city, eq: Paris }\n',
  'activations/winback.yaml': WINBACK,
}

describe('activations on the command line', function () {
  this.timeout(240_000)
  let workspace: CliWorkspace
  let mailer: Mailer
  /** Ids of runs, as they ended. */
  const runs: string[] = []

  const ran = async (args: readonly string[], expected = 0) => {
    const { code, value } = await workspace.json(args)
    assert.equal(code, expected, JSON.stringify(value))
    return value as never
  }
  const checked = async (schema: Schema, args: readonly string[], expected = 0) => {
    const value: unknown = await ran(args, expected)
    assert.deepEqual(schemaProblems(schema, value), [])
    return value as never
  }
  const refused = async (...args: readonly string[]) => {
    const { error } = (await ran(args, 1)) as { error: { code: string; remedy?: string } }
    return [error.code, error.remedy]
  }
  interface Report {
    readonly run: string
    readonly outcome: string
    readonly adds: number
    readonly changes: number
    readonly removes: number
    readonly rejects: number
    readonly acknowledged: number
  }
  const apply = async (expected = 0) => {
    const args = ['activate', 'apply', 'winback', '--wait']
    const report: Report = await checked(activationReportSchema, args, expected)
    runs.push(report.run)
    return figures(report)
  }
  const figures = ({ outcome, adds, changes, removes, rejects, acknowledged }: Report) => ({
    outcome,
    adds,
    changes,
    removes,
    rejects,
    acknowledged,
  })
  const status = () =>
    checked(activationStatusSchema, ['activate', 'status', 'winback']) as Promise<{
      readonly state: string
      readonly records: number
    }>
  const bring = async (rows: readonly string[]) => {
    await workspace.write({ 'shop/customers.csv': customers(rows) })
    await ran(['sync', 'shop', '--wait'])
    await ran(['refresh', '--wait'])
  }
  const emails = () =>
    [...mailer.recipients.keys()].map((match) => (JSON.parse(match) as { email: string }).email).sort()

  before(async () => {
    mailer = await startMailer({
      answer: ({ records = [] }) =>
        records.some(({ match }) => match.email === REFUSED) ? { take: false, status: 422 } : { take: true },
    })
    workspace = await CliWorkspace.create()
    await workspace.write({
      ...FILES,
      'destinations/mailer.yaml': `connector: destination-webhook
config: { url: "${mailer.url}", secret: "\${secret:MAILER_SECRET}", deduplicates: true }
`,
    })
    const env = {
      TRIBUTARY_SECRET_MAILER_SECRET: mailer.secret,
      TRIBUTARY_ALLOW_PRIVATE_ADDRESSES: '127.0.0.1',
    }
    const { code, value } = await workspace.json(['up', '--detach', '--ports', 'auto'], { env })
    assert.equal(code, 0, JSON.stringify(value))
  })
  after(async () => {
    await workspace?.remove()
    await mailer?.stop()
  })

  it('says what to do before anything is published or has run', async () => {
    assert.deepEqual(await ran(['activate', 'list']), [])
    assert.deepEqual(await refused('activate', 'plan', 'winback'), [
      'ActivationUnknown',
      'write activations/winback.yaml and run tributary apply',
    ])
    const { changes } = (await ran(['apply'])) as { changes: readonly { kind: string; message: string }[] }
    assert.deepEqual(
      changes.filter(({ kind }) => /^(destination|activation)/.test(kind)).map(({ message }) => message),
      [
        'add destination mailer: destination-webhook',
        'add activation winback: parisians to mailer/records, mirror, by hand',
      ],
    )
    assert.deepEqual(await refused('activate', 'apply', 'winbak'), [
      'ActivationUnknown',
      'did you mean winback?',
    ])
    assert.deepEqual(await ran(['activate', 'history']), [])
    assert.equal((await refused('activate', 'undo', 'nothing-ran'))[0], 'ActivationRunUnknown')
    assert.deepEqual(await checked(activationListSchema, ['activate', 'list']), [
      {
        id: 'winback',
        segment: 'parisians',
        destination: 'mailer',
        object: 'records',
        mode: 'mirror',
        trigger: 'by hand',
        state: 'idle',
        hold: null,
        waiting: null,
        lastOutcome: null,
        lastAt: null,
      },
    ])
  })

  it('shows what a run would send, and sends nothing', async () => {
    await bring(['1,ada@example.com,Paris', '2,ben@example.com,Paris', '4,kim@example.com,Lyon'])
    const plan = (await checked(activationReportSchema, ['activate', 'plan', 'winback'])) as Report & {
      readonly sample: readonly {
        readonly change: string
        readonly match: unknown
        readonly fields: unknown
      }[]
    }
    assert.deepEqual(figures(plan), {
      outcome: 'planned',
      adds: 2,
      changes: 0,
      removes: 0,
      rejects: 0,
      acknowledged: 0,
    })
    assert.deepEqual(
      plan.sample.map(({ change, match, fields }) => ({ change, match, fields })),
      ['ada', 'ben'].map((name) => ({
        change: 'add',
        match: { email: `${name}@example.com` },
        fields: { city: 'Paris' },
      })),
    )
    const words = await workspace.run(['activate', 'plan', 'winback', '--sample', '1'])
    assert.match(
      words.stdout,
      /^parisians → mailer\/records \(mirror\): 2 adds; 2 records in 1 batch, about .*\n2 members\nplan [0-9a-f]{12} of revision [0-9a-f]{12}\n\nchange +match +fields +before\nadd +email ada@example\.com +city Paris\n$/,
    )
    assert.deepEqual(emails(), [])
  })

  it('sends it, and says who was not taken', async () => {
    assert.deepEqual(await apply(), {
      outcome: 'succeeded',
      adds: 2,
      changes: 0,
      removes: 0,
      rejects: 0,
      acknowledged: 2,
    })
    await bring([
      '1,ada@example.com,Paris',
      '2,ben@example.com,Paris',
      `3,${REFUSED},Paris`,
      '4,kim@example.com,Lyon',
    ])
    assert.deepEqual(await apply(1), {
      outcome: 'partial',
      adds: 1,
      changes: 0,
      removes: 0,
      rejects: 1,
      acknowledged: 0,
    })
    assert.deepEqual(emails(), ['ada@example.com', 'ben@example.com'])
    const rejects = (await checked(activationRejectsSchema, [
      'activate',
      'rejects',
      'winback',
    ])) as readonly Record<string, unknown>[]
    assert.deepEqual(
      rejects.map(({ match, change, when, run }) => ({ match, change, when, run })),
      [{ match: { email: REFUSED }, change: 'add', when: 'sent', run: runs.at(-1) }],
    )
    const exported = await workspace.run(['activate', 'rejects', 'winback', '--export'])
    assert.deepEqual(
      exported.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
      rejects,
    )
    const words = await workspace.run(['activate', 'rejects', 'winback'])
    assert.match(words.stdout, /^at +match +reason +code +when +run\n.*email eve@example\.com/)
  })

  it('waits beyond a guard, and sends the plan that was approved', async () => {
    await bring(['1,ada@example.com,Paris', '2,ben@example.com,Lyon'])
    const started = (await ran(['activate', 'apply', 'winback'])) as { readonly workflowId: string }
    assert.equal(started.workflowId, 'activate/winback')
    await until(async () => (await status()).state === 'waiting for approval')
    assert.deepEqual(emails(), ['ada@example.com', 'ben@example.com'])
    const [line] = (await checked(activationListSchema, ['activate', 'list'])) as readonly {
      readonly waiting: { readonly hash: string; readonly removes: number }
    }[]
    assert.equal(line!.waiting.removes, 1)
    assert.deepEqual(await refused('activate', 'plan', 'winback'), [
      'ActivationRunning',
      'decide with tributary activate approve winback or tributary activate refuse winback',
    ])
    assert.deepEqual(await refused('activate', 'approve', 'winback', '--hash', '0000000'), [
      'PlanOutdated',
      'look at it with tributary activate status winback',
    ])
    const unseen = (await ran(['activate', 'approve', 'winback'], 2)) as { error: { code: string } }
    assert.equal(unseen.error.code, 'UsageError')
    assert.equal((await status()).state, 'waiting for approval')
    const prefix = line!.waiting.hash.slice(0, 7)
    const approve = ['activate', 'approve', 'winback', '--hash', prefix, '--author', 'eve', '--note', 'moved']
    const { hash, approved, by } = (await ran(approve)) as Record<string, unknown>
    assert.deepEqual([hash, approved, by], [line!.waiting.hash, true, 'eve'])
    const ended = (await checked(activationStatusSchema, ['activate', 'status', 'winback', '--follow'])) as {
      readonly state: string
      readonly records: number
      readonly last: Report
    }
    runs.push(ended.last.run)
    assert.deepEqual([ended.state, ended.records, ended.last.outcome], ['idle', 1, 'succeeded'])
    assert.deepEqual(emails(), ['ada@example.com'])
    assert.deepEqual(await refused('activate', 'approve', 'winback'), [
      'NothingWaiting',
      'make one with tributary activate apply winback',
    ])
  })

  it('ends a plan that is refused, or whose run is cancelled', async () => {
    await bring(['1,ada@example.com,Lyon', '2,ben@example.com,Paris'])
    for (const [said, outcome] of [
      [['activate', 'refuse', 'winback'], 'refused'],
      [['activate', 'cancel', 'winback'], 'cancelled'],
    ] as const) {
      await ran(['activate', 'apply', 'winback'])
      await until(async () => (await status()).state === 'waiting for approval')
      await ran(said)
      await until(async () => (await status()).state === 'idle')
      const [newest] = (await ran(['activate', 'history', 'winback', '--limit', '1'])) as readonly Report[]
      assert.equal(newest!.outcome, outcome)
    }
    assert.deepEqual(emails(), ['ada@example.com'])
  })

  it('takes a run back, and is paused then', async () => {
    await bring(['1,ada@example.com,Paris', '2,ben@example.com,Lyon'])
    const undone = runs.at(-1)!
    const plan = (await checked(activationReportSchema, [
      'activate',
      'undo',
      undone.slice(0, 13),
      '--dry-run',
    ])) as Report
    assert.deepEqual([plan.outcome, plan.adds], ['planned', 1])
    const report = (await checked(activationReportSchema, [
      'activate',
      'undo',
      undone,
      '--wait',
    ])) as Report & {
      readonly undoes: string
    }
    assert.deepEqual([report.outcome, report.undoes, report.acknowledged], ['succeeded', undone, 1])
    assert.deepEqual(emails(), ['ada@example.com', 'ben@example.com'])
    assert.equal((await status()).state, 'paused')
    const held = await ran(['activate', 'pause', 'winback'])
    assert.deepEqual(held, { activation: 'winback', paused: true, changed: false })
    assert.deepEqual(await ran(['activate', 'resume', 'winback']), {
      activation: 'winback',
      paused: false,
      changed: true,
    })
    const history = (await ran(['activate', 'history', 'winback'])) as readonly Report[]
    for (const one of history) assert.deepEqual(schemaProblems(activationReportSchema, one), [])
    const words = await workspace.run(['activate', 'history', '--limit', '1'])
    assert.match(normalised(words.stdout) as string, /^started +activation +outcome +started by/)
  })

  it('runs after refreshes by itself, unless it is paused', async () => {
    const newest = async () => {
      const [last] = (await ran(['activate', 'history', 'winback', '--limit', '1'])) as readonly (Report & {
        readonly reason: string
      })[]
      return last!
    }
    await workspace.write({ 'activations/winback.yaml': `${WINBACK}trigger: after_refresh\n` })
    await ran(['apply'])
    await ran(['activate', 'pause', 'winback', '--reason', 'a holiday'])
    await bring(['1,ada@example.com,Paris', '2,ben@example.com,Paris'])
    await until(async () => (await newest()).reason === 'after_refresh')
    const skipped = await newest()
    assert.equal(skipped.outcome, 'skipped')
    await ran(['activate', 'resume', 'winback'])
    await bring(['1,ada@example.com,Paris', '2,ben@example.com,Paris', '4,kim@example.com,Paris'])
    await until(async () => (await newest()).run !== skipped.run)
    assert.equal((await newest()).outcome, 'succeeded')
    assert.ok(emails().includes('kim@example.com'))
  })

  it('says what a change of the workspace leaves behind', async () => {
    await workspace.write({ 'activations/winback.yaml': WINBACK.replace('email:', 'mail:') })
    const { changes } = (await ran(['plan'])) as { changes: readonly { message: string }[] }
    assert.deepEqual(
      changes.map(({ message }) => message),
      [
        'activation winback: match changed (email, mail), trigger after each refresh → by hand; 3 records stay in mailer/records, and everything is sent anew',
      ],
    )
  })
})
