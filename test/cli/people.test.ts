/** People and segments through the command line: real processes, a real stack, whole answers. */
import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import {
  mappingPreviewSchema,
  profileViewSchema,
  refreshResultSchema,
  segmentExplanationSchema,
  segmentHistorySchema,
  segmentLinesSchema,
  segmentOverlapSchema,
  segmentPreviewSchema,
} from '@tributary/schemas'
import { createContext } from '../../operations/context.js'
import { previewMappingDraft, previewSegmentDraft } from '../../operations/people/preview.js'
import { schemaProblems } from '../../runtime/validation.js'
import { CliWorkspace, normalised } from './support.js'

const FILES = {
  'tributary.yaml': 'workspace: people\nrefresh: manual\n',
  'sources/shop.yaml': `connector: source-files
config:
  location: { folder: ./shop }
  streams:
    - { name: customers, glob: "customers*.csv", primary_key: [id] }
    - { name: orders, glob: "orders*.csv", primary_key: [id] }
schedule: manual
streams:
  - { name: "*", sync_mode: incremental, destination_sync_mode: append_dedup }
`,
  'shop/customers.csv': `id,email,phone,city,updated_at
1,Ada@Example.com,0612345678,Paris,2026-01-01T00:00:00Z
2,ben@example.com,,Lyon,2026-01-01T00:00:00Z
3,ada@work.example,,Paris,2026-01-01T00:00:00Z
4,n/a,,Paris,2026-01-01T00:00:00Z
`,
  'shop/orders.csv': `id,email,total,paid_at
1,ada@example.com,60,2026-01-02T00:00:00Z
2,ADA@example.com,50,2026-01-03T00:00:00Z
3,guest@example.com,20,2026-01-04T00:00:00Z
`,
  'identity.yaml': `identifiers:
  customer_id: { unique: true }
  email: { normalize: email, limit: 3 }
  phone: { normalize: phone, region: FR, limit: 3 }
block: { values: ["", "n/a"] }
`,
  'traits.yaml': `traits: { city: { rule: latest } }
computed: { spent: { event: Order Paid, aggregate: { sum: total } } }
`,
  'mappings/customers.yaml': `stream: shop.customers
identifiers: { customer_id: id, email: email, phone: phone }
traits: { city: { field: city, timestamp: updated_at } }
`,
  'mappings/orders.yaml': `stream: shop.orders
identifiers: { email: email }
events:
  - { name: Order Paid, timestamp: paid_at, properties: { total: total } }
`,
  'segments/parisians.yaml': 'name: Parisians\nwho: { trait: city, eq: Paris }\n',
  'segments/good.yaml': 'name: Good customers\nwho: { trait: spent, gte: 100 }\n',
  'segments/good-parisians.yaml':
    'name: Good Parisians\nwho: { all: [{ segment: good }, { segment: parisians }] }\n',
  'segments/invited.yaml': 'name: Invited\nwho: { list: invited }\n',
} as const

describe('people on the command line', function () {
  this.timeout(240_000)
  let workspace: CliWorkspace

  const json = async (...args: string[]) => {
    const { code, value } = await workspace.json(args)
    assert.equal(code, 0, JSON.stringify(value))
    return value as never
  }
  const refused = async (...args: string[]) => {
    const { code, value } = await workspace.json(args)
    const { error } = value as { error: { code: string; message: string; remedy?: string } }
    return [code, error.code, error.remedy]
  }
  const refresh = async () => {
    const result = await json('refresh', '--wait')
    assert.deepEqual(schemaProblems(refreshResultSchema, result), [])
    const { outcome, profiles, segments } = result as {
      outcome: string
      profiles: number
      segments: readonly { name: string; size: number }[]
    }
    assert.equal(outcome, 'succeeded', JSON.stringify(result))
    return { profiles, sizes: Object.fromEntries(segments.map(({ name, size }) => [name, size])) }
  }

  before(async () => {
    workspace = await CliWorkspace.create()
    await workspace.write(FILES)
    await json('up', '--detach', '--ports', 'auto')
  })
  after(() => workspace?.remove())

  it('says what to do before anything is published, synced or refreshed', async () => {
    assert.deepEqual((await refused('segment', 'list')).slice(0, 2), [1, 'NothingMapped'])
    await json('apply')
    const stream = await workspace.run(['mapping', 'preview', 'orders'])
    assert.deepEqual([stream.code, stream.stdout], [1, ''])
    assert.match(
      stream.stderr,
      /^mappings\/orders\.yaml:1:9 stream: error: the warehouse has no stream shop\.orders; load it first/,
    )
    await json('sync', 'shop', '--wait')
    assert.deepEqual(await refused('profile', 'show', 'email', 'ada@example.com'), [
      1,
      'NeverRefreshed',
      'run tributary refresh --wait',
    ])
  })

  it('previews mappings on real rows', async () => {
    const preview = (await json('mapping', 'preview', 'orders', '--rows', '1')) as {
      rows: readonly { identifiers: readonly unknown[]; events: readonly { name: string }[] }[]
      counts: unknown
    }
    assert.deepEqual(schemaProblems(mappingPreviewSchema, preview), [])
    assert.deepEqual(preview.rows[0]!.identifiers, [
      { type: 'email', raw: 'ada@example.com', value: 'ada@example.com', status: 'used' },
    ])
    assert.deepEqual(preview.counts, {
      rows: 3,
      isWhole: true,
      repeated: 0,
      withoutIdentifier: 0,
      blocked: { email: 0 },
      events: { 'Order Paid': 3 },
    })
    await workspace.write({ 'draft.yaml': 'stream: shop.orders\nidentifiers: { email: emial }\n' })
    const faulty = await workspace.run(['mapping', 'preview', './draft.yaml'])
    assert.equal(faulty.code, 1)
    assert.match(
      faulty.stderr,
      /^\.\/draft\.yaml:2:\d+ identifiers\.email: error: .*emial.*; did you mean email/,
    )
    assert.deepEqual(await refused('mapping', 'preview', 'oders'), [
      1,
      'DraftUnknown',
      'did you mean orders?',
    ])
  })

  it('finds people and segments', async () => {
    assert.deepEqual(await refresh(), {
      // Ada at home, Ben, Ada at work, the one without an address, the guest.
      profiles: 5,
      sizes: { good: 1, 'good-parisians': 1, invited: 0, parisians: 3 },
    })
    const segments = (await json('segment', 'list')) as readonly Record<string, unknown>[]
    assert.deepEqual(schemaProblems(segmentLinesSchema, segments), [])
    assert.deepEqual(normalised(segments[0]), {
      id: 'good',
      name: 'Good customers',
      size: 1,
      evaluatedAt: '<time>',
      sentence: 'People whose spent is at least 100.',
    })
    assert.deepEqual(
      segments.map(({ id, size }) => [id, size]),
      [
        ['good', 1],
        ['good-parisians', 1],
        ['invited', 0],
        ['parisians', 3],
      ],
    )
    const words = await workspace.run(['segment', 'list'])
    assert.match(words.stdout, /^segment +size +of +definition\ngood +1 +\d{4}-.*People whose spent/)
  })

  it('shows a person by any spelling of an identifier, and by id', async () => {
    const shown = (await json('profile', 'show', 'email', ' ADA@example.com ')) as Record<string, unknown>
    assert.deepEqual(schemaProblems(profileViewSchema, shown), [])
    const { profile, events, traits, ...rest } = shown as {
      profile: string
      events: readonly { event: string; at: string; properties: unknown }[]
      traits: Readonly<Record<string, { value: unknown; source: string }>>
    }
    assert.deepEqual(rest, {
      identifiers: { customer_id: ['1'], email: ['ada@example.com'], phone: ['+33612345678'] },
      segments: ['good', 'good-parisians', 'parisians'],
    })
    assert.deepEqual(
      Object.entries(traits).map(([name, { value, source }]) => [name, value, source]),
      [
        ['city', 'Paris', 'shop'],
        ['spent', 110, 'computed'],
      ],
    )
    assert.deepEqual(
      events.map(({ event, at, properties }) => [event, at, properties]),
      [
        ['Order Paid', '2026-01-03T00:00:00.000Z', { total: 50 }],
        ['Order Paid', '2026-01-02T00:00:00.000Z', { total: 60 }],
      ],
    )
    assert.deepEqual(await json('profile', 'show', profile), shown)
    assert.deepEqual(await json('profile', 'show', 'phone', '06 12 34 56 78'), shown)
    const words = await workspace.run(['profile', 'show', 'email', 'ada@example.com'])
    assert.match(words.stdout, new RegExp(`^${profile}\nidentifier +value\ncustomer_id +1\n`))

    assert.deepEqual(await refused('profile', 'show', 'emial', 'x'), [
      1,
      'IdentifierUnknown',
      'did you mean email?',
    ])
    assert.equal((await refused('profile', 'show', 'email', 'N/A'))[1], 'IdentifierBlocked')
    assert.equal((await refused('profile', 'show', 'email', 'nobody@example.com'))[1], 'ProfileUnknown')
    assert.equal((await refused('profile', 'show', 'p99999'))[1], 'ProfileUnknown')
  })

  it('previews drafts of segments', async () => {
    await workspace.write({
      'segments/lyonnais.yaml': 'name: Lyonnais\nwho: { trait: city, eq: Lyon }\n',
      'segments/faulty.yaml': 'name: Faulty\nwho:\n  trait: ctiy\n  eq: Lyon\n',
    })
    const preview = (await json('segment', 'preview', 'lyonnais')) as Record<string, unknown>
    assert.deepEqual(schemaProblems(segmentPreviewSchema, preview), [])
    const { sample, ...rest } = normalised(preview) as { sample: readonly { identifiers: unknown }[] }
    assert.deepEqual(rest, { size: 1, seconds: 'number', sentence: 'People whose city is “Lyon”.' })
    assert.deepEqual(
      sample.map(({ identifiers }) => identifiers),
      [{ customer_id: ['2'], email: ['ben@example.com'] }],
    )
    const faulty = await workspace.run(['segment', 'preview', 'faulty'])
    assert.equal(faulty.code, 1)
    assert.match(
      faulty.stderr,
      /^segments\/faulty\.yaml:3:10 who\.trait: error: nothing makes the trait ctiy; map it/,
    )
    // Of two other files one cannot be read, and one only means nothing: neither is needed.
    await workspace.write({ 'segments/unread.yaml': 'name: Unread\nwho: { all: [] }\n' })
    assert.equal(((await json('segment', 'preview', 'lyonnais')) as { size: number }).size, 1)
    await rm(`${workspace.dir}/segments/unread.yaml`)
    assert.deepEqual(await refused('segment', 'preview', 'parisian'), [
      1,
      'DraftUnknown',
      'did you mean parisians?',
    ])
  })

  it('ends a preview with its caller', async () => {
    const context = createContext(workspace.dir, {})
    const signal = AbortSignal.abort(new Error('given up'))
    try {
      await assert.rejects(previewSegmentDraft(context, 'lyonnais', { signal }), /^Error: given up$/)
      await assert.rejects(previewMappingDraft(context, 'orders', { signal }), /^Error: given up$/)
    } finally {
      await context.close()
    }
  })

  it('explains membership', async () => {
    const explained = (await json('segment', 'explain', 'good-parisians', 'email', 'ben@example.com')) as {
      member: boolean
      tree: { children: readonly { condition: string; truth: boolean }[] }
    }
    assert.deepEqual(schemaProblems(segmentExplanationSchema, explained), [])
    assert.equal(explained.member, false)
    assert.deepEqual(
      explained.tree.children.map(({ condition, truth }) => [condition, truth]),
      [
        ['who are in the segment good', false],
        ['who are in the segment parisians', false],
      ],
    )
    const words = await workspace.run(['segment', 'explain', 'parisians', 'email', 'ada@example.com'])
    assert.match(
      words.stdout,
      /^email ada@example.com is in parisians:\n✓ whose city is “Paris”\n {4}\{"trait":"city"/,
    )
    assert.deepEqual(await refused('segment', 'explain', 'god', 'email', 'ben@example.com'), [
      1,
      'SegmentUnknown',
      'did you mean good?',
    ])
  })

  it('compares, exports and audits segments, and says what depends on what', async () => {
    const overlap = await json('segment', 'overlap', 'good', 'parisians')
    assert.deepEqual(schemaProblems(segmentOverlapSchema, overlap), [])
    assert.deepEqual(overlap, {
      segments: ['good', 'parisians'],
      a: 1,
      b: 3,
      both: 1,
      onlyA: 0,
      onlyB: 2,
      either: 3,
    })
    assert.deepEqual(await json('segment', 'dependents', 'good'), [
      { segment: 'good-parisians', direct: true },
    ])
    assert.deepEqual(await json('trait', 'dependents', 'spent'), [
      { segment: 'good', direct: true },
      { segment: 'good-parisians', direct: false },
    ])
    assert.deepEqual(await refused('trait', 'dependents', 'spend'), [
      1,
      'TraitUnknown',
      'did you mean spent?',
    ])
    assert.deepEqual(
      ((await json('trait', 'list')) as readonly { trait: string; people: unknown }[]).map(
        ({ trait, people }) => [trait, people],
      ),
      [
        ['city', { text: 4 }],
        ['spent', { number: 5 }],
      ],
    )
    const exported = await workspace.run(['segment', 'export', 'good'])
    const [line, ...others] = exported.stdout.trimEnd().split('\n')
    assert.deepEqual([exported.code, others], [0, []])
    const { profile, ...member } = JSON.parse(line!)
    assert.match(profile, /^p\d+$/)
    assert.deepEqual(member, {
      identifiers: { customer_id: ['1'], email: ['ada@example.com'], phone: ['+33612345678'] },
      traits: { city: 'Paris', spent: 110 },
    })
    const early = await workspace.run(['segment', 'export', 'good', '--at', '2020-01-01'])
    assert.deepEqual(
      [early.code, /not evaluated before 2020-01-01T00:00:00\.000Z/.test(early.stderr)],
      [1, true],
    )
    const audit = (await json('segment', 'audit')) as {
      drift: number
      segments: readonly unknown[]
      skipped: unknown
    }
    assert.deepEqual([audit.drift, audit.skipped], [0, []])
    assert.ok(audit.segments.length >= 4)
  })

  it('merges two people, explains it, and takes it back', async () => {
    const merged = (await json(
      'profile',
      'merge',
      'email',
      'Ada@Example.com',
      'email',
      'GUEST@example.com',
      '--note',
      'told us',
      '--author',
      'eve',
    )) as {
      record: string
      refresh: { asked: boolean }
    }
    assert.equal(merged.refresh.asked, true)
    assert.equal((await refresh()).profiles, 4)
    const explain = () => json('profile', 'explain', 'phone', '0612345678', 'email', 'guest@example.com')
    const { same, path } = (await explain()) as {
      same: boolean
      path: readonly { evidence: Record<string, unknown> }[]
    }
    assert.equal(same, true)
    assert.ok(path.some(({ evidence }) => evidence.record === merged.record && evidence.author === 'eve'))
    const [record] = (await json('profile', 'records')) as readonly unknown[]
    assert.deepEqual(normalised(record), {
      id: merged.record,
      kind: 'merge',
      identifiers: [
        { type: 'email', value: 'ada@example.com' },
        { type: 'email', value: 'guest@example.com' },
      ],
      undone: false,
      author: 'eve',
      note: 'told us',
      at: '<time>',
    })

    const undone = (await json('profile', 'undo', merged.record, '--no-refresh')) as { refresh: unknown }
    assert.deepEqual(undone.refresh, { asked: false, reason: 'not wanted' })
    assert.equal((await refresh()).profiles, 5)
    assert.deepEqual((await explain()) as unknown, { same: false, path: null, skipped: [] })
    const records = (await json('profile', 'records')) as readonly { kind: string; undone: boolean }[]
    assert.deepEqual(
      records.map(({ kind, undone }) => [kind, undone]),
      [
        ['undone', false],
        ['merge', true],
      ],
    )
    assert.equal((await refused('profile', 'undo', 'nothing'))[1], 'RecordUnknown')
    assert.deepEqual(await refused('profile', 'undo', merged.record), [
      1,
      'RecordUndone',
      'choose another one of the records',
    ])
    const itself = ['email', 'ada@example.com', 'email', ' Ada@Example.com']
    assert.deepEqual(await refused('profile', 'merge', ...itself), [
      1,
      'MergeInvalid',
      'name another identifier',
    ])
  })

  it('keeps old ids good', async () => {
    const idOf = async (email: string) =>
      ((await json('profile', 'show', 'email', email)) as { profile: string }).profile
    const [home, work] = [await idOf('ada@example.com'), await idOf('guest@example.com')]
    const { record } = (await json(
      'profile',
      'merge',
      'email',
      'ada@example.com',
      'email',
      'guest@example.com',
      '--no-refresh',
    )) as {
      record: string
    }
    await refresh()
    const kept = await idOf('guest@example.com')
    const old = kept === home ? work : home
    const shown = (await json('profile', 'show', old)) as { profile: string; redirectedFrom: string }
    assert.deepEqual([shown.profile, shown.redirectedFrom], [kept, old])
    await json('profile', 'undo', record)
    await refresh()
    assert.equal(await idOf('guest@example.com'), work)
  })

  it('simulates a split before it is made, and other rules before they are published', async () => {
    const dry = await json('profile', 'split', 'phone', '+33 6 12 34 56 78', '--dry-run')
    assert.deepEqual(dry, {
      profilesBefore: 5,
      profilesAfter: 6,
      merged: 0,
      split: 1,
      segments: [
        { segment: 'good', before: 1, after: 1, changed: 1, enters: 0, leaves: 0 },
        { segment: 'good-parisians', before: 1, after: 1, changed: 1, enters: 0, leaves: 0 },
        { segment: 'parisians', before: 3, after: 3, changed: 1, enters: 0, leaves: 0 },
      ],
    })
    // What was merged is linked, though it was undone; nothing ever named the other one with anybody.
    assert.equal((await refused('profile', 'split', 'customer_id', '4'))[1], 'ProfileUnknown')
    await json('profile', 'split', 'phone', '0612345678', '--note', 'shared')
    assert.equal((await refresh()).profiles, 6)
    const [record] = (await json('profile', 'records')) as readonly { kind: string; identifiers: unknown }[]
    assert.deepEqual(
      [record!.kind, record!.identifiers],
      [
        'split',
        [
          { type: 'phone', value: '+33612345678' },
          { type: 'customer_id', value: '1' },
        ],
      ],
    )

    await workspace.write({
      'identity.yaml': `${FILES['identity.yaml'].replace('"n/a"', '"n/a", "ben@example.com"')}`,
    })
    const simulated = (await json('profile', 'simulate')) as { split: number }
    assert.equal(simulated.split, 1)
    await workspace.write({ 'identity.yaml': FILES['identity.yaml'] })
    assert.equal(((await json('profile', 'simulate')) as { split: number }).split, 0)
  })

  it('keeps lists, which segments follow', async () => {
    assert.equal((await refused('list', 'show', 'invited'))[1], 'ListUnknown')
    await workspace.write({ 'people.txt': 'BEN@example.com\nn/a\n' })
    const added = await json(
      'list',
      'add',
      'invited',
      'email',
      'guest@example.com',
      '--file',
      `${workspace.dir}/people.txt`,
      '--no-refresh',
    )
    assert.deepEqual(added, {
      list: 'invited',
      changed: 2,
      unchanged: 0,
      refused: [{ type: 'email', value: 'n/a' }],
      refresh: { asked: false, reason: 'not wanted' },
    })
    assert.equal((await refresh()).sizes.invited, 2)
    assert.deepEqual(await json('list', 'show', 'invited'), {
      list: 'invited',
      size: 2,
      entries: [
        { type: 'email', value: 'ben@example.com' },
        { type: 'email', value: 'guest@example.com' },
      ],
    })
    await json('list', 'remove', 'invited', 'email', 'Guest@example.com')
    assert.equal((await refresh()).sizes.invited, 1)
    assert.deepEqual(normalised(await json('list', 'show')), [
      { list: 'invited', entries: 1, changedAt: '<time>' },
    ])
    assert.deepEqual(await refused('list', 'show', 'invted'), [1, 'ListUnknown', 'did you mean invited?'])
    assert.deepEqual((await refused('list', 'add', 'invited', 'email'))[0], 2)
  })

  it('tells the history of a segment', async () => {
    const history = (await json('segment', 'history', 'invited', '--changes', '2')) as {
      trend: readonly { size: number }[]
      counts: unknown
      changes: readonly { change: string; cause: string }[]
    }
    assert.deepEqual(schemaProblems(segmentHistorySchema, history), [])
    assert.equal(history.trend.at(-1)!.size, 1)
    assert.deepEqual(history.counts, [
      { change: 'entered', cause: 'data', people: 2 },
      { change: 'left', cause: 'data', people: 1 },
    ])
    assert.deepEqual(
      history.changes.map(({ change, cause }) => [change, cause]),
      [
        ['left', 'data'],
        ['entered', 'data'],
      ],
    )
    const none = (await json('segment', 'history', 'invited', '--to', '2020-01-01')) as { trend: unknown }
    assert.deepEqual(none.trend, [])
    assert.equal((await refused('segment', 'history', 'invited', '--from', 'yesterday'))[0], 2)
    const audit = (await json('segment', 'audit')) as { drift: number }
    assert.equal(audit.drift, 0)
  })

  it('keeps the history of a segment that was taken out, and exports no members of it', async () => {
    await rm(`${workspace.dir}/segments/faulty.yaml`, { force: true })
    await rm(`${workspace.dir}/segments/invited.yaml`)
    await json('apply')
    const history = (await json('segment', 'history', 'invited')) as { trend: readonly { size: number }[] }
    const then = await workspace.run(['segment', 'export', 'invited', '--at', new Date().toISOString()])
    assert.deepEqual(
      [history.trend.at(-1)!.size, then.code, then.stdout.trimEnd().split('\n').length],
      [1, 0, 1],
    )
    assert.equal((await refused('segment', 'export', 'invited'))[1], 'SegmentUnknown')
    assert.equal((await refused('segment', 'overlap', 'good', 'invited'))[1], 'SegmentUnknown')
  })
})
