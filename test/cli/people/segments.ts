/** Segments: drafts are counted, membership is explained, and they are compared, exported and audited. */
import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { segmentExplanationSchema, segmentOverlapSchema, segmentPreviewSchema } from '@tributary/schemas'
import { createContext } from '../../../operations/context.js'
import { previewMappingDraft, previewSegmentDraft } from '../../../operations/people/preview.js'
import { schemaProblems } from '../../../runtime/validation.js'
import { normalised } from '../support.js'
import type { PeopleCli } from './people-cli.js'

export function segments(cli: PeopleCli): void {
  const { json, refused } = cli

  it('previews drafts of segments', async () => {
    await cli.workspace.write({
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
    const faulty = await cli.workspace.run(['segment', 'preview', 'faulty'])
    assert.equal(faulty.code, 1)
    assert.match(
      faulty.stderr,
      /^segments\/faulty\.yaml:3:10 who\.trait: error: nothing makes the trait ctiy; map it/,
    )
    // Of two other files one cannot be read, and one only means nothing: neither is needed.
    await cli.workspace.write({ 'segments/unread.yaml': 'name: Unread\nwho: { all: [] }\n' })
    assert.equal(((await json('segment', 'preview', 'lyonnais')) as { size: number }).size, 1)
    await rm(`${cli.workspace.dir}/segments/unread.yaml`)
    assert.deepEqual(await refused('segment', 'preview', 'parisian'), [
      1,
      'DraftUnknown',
      'did you mean parisians?',
    ])
  })

  it('ends a preview with its caller', async () => {
    const context = createContext(cli.workspace.dir, {})
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
        ['who are in the segment “Good customers”', false],
        ['who are in the segment “Parisians”', false],
      ],
    )
    const words = await cli.workspace.run(['segment', 'explain', 'parisians', 'email', 'ada@example.com'])
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
    const exported = await cli.workspace.run(['segment', 'export', 'good'])
    const [line, ...others] = exported.stdout.trimEnd().split('\n')
    assert.deepEqual([exported.code, others], [0, []])
    const { profile, ...member } = JSON.parse(line!)
    assert.match(profile, /^p\d+$/)
    assert.deepEqual(member, {
      identifiers: { customer_id: ['1'], email: ['ada@example.com'], phone: ['+33612345678'] },
      traits: { city: 'Paris', spent: 110 },
    })
    const early = await cli.workspace.run(['segment', 'export', 'good', '--at', '2020-01-01'])
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
}
