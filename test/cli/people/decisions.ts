/** What members say of who is who: merged, parted, taken back, and simulated before. */
import assert from 'node:assert/strict'
import { normalised } from '../support.js'
import { FILES, type PeopleCli } from './people-cli.js'

export function decisions(cli: PeopleCli): void {
  const { json, refused, refresh } = cli

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

    await cli.workspace.write({
      'identity.yaml': `${FILES['identity.yaml'].replace('"n/a"', '"n/a", "ben@example.com"')}`,
    })
    const simulated = (await json('profile', 'simulate')) as { split: number }
    assert.equal(simulated.split, 1)
    await cli.workspace.write({ 'identity.yaml': FILES['identity.yaml'] })
    assert.equal(((await json('profile', 'simulate')) as { split: number }).split, 0)
  })
}
