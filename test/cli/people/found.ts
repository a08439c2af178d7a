/** People are found: before there are any, from mappings that were tried, and one by one. */
import assert from 'node:assert/strict'
import { mappingPreviewSchema, profileViewSchema, segmentLinesSchema } from '@tributary/schemas'
import { schemaProblems } from '../../../runtime/validation.js'
import { normalised } from '../support.js'
import type { PeopleCli } from './people-cli.js'

export function foundPeople(cli: PeopleCli): void {
  const { json, refused, refresh } = cli

  it('says what to do before anything is published, synced or refreshed', async () => {
    assert.deepEqual((await refused('segment', 'list')).slice(0, 2), [1, 'NothingMapped'])
    await json('apply')
    const stream = await cli.workspace.run(['mapping', 'preview', 'orders'])
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
    await cli.workspace.write({ 'draft.yaml': 'stream: shop.orders\nidentifiers: { email: emial }\n' })
    const faulty = await cli.workspace.run(['mapping', 'preview', './draft.yaml'])
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
    const words = await cli.workspace.run(['segment', 'list'])
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
    const words = await cli.workspace.run(['profile', 'show', 'email', 'ada@example.com'])
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
}
