/** Lists, the segments that follow them, and their history. */
import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { segmentHistorySchema } from '@tributary/schemas'
import { schemaProblems } from '../../../runtime/validation.js'
import { normalised } from '../support.js'
import type { PeopleCli } from './people-cli.js'

export function lists(cli: PeopleCli): void {
  const { json, refused, refresh } = cli

  it('keeps lists, which segments follow', async () => {
    assert.equal((await refused('list', 'show', 'invited'))[1], 'ListUnknown')
    await cli.workspace.write({ 'people.txt': 'BEN@example.com\nn/a\n' })
    const added = await json(
      'list',
      'add',
      'invited',
      'email',
      'guest@example.com',
      '--file',
      `${cli.workspace.dir}/people.txt`,
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
    await rm(`${cli.workspace.dir}/segments/faulty.yaml`, { force: true })
    await rm(`${cli.workspace.dir}/segments/invited.yaml`)
    await json('apply')
    const history = (await json('segment', 'history', 'invited')) as { trend: readonly { size: number }[] }
    const then = await cli.workspace.run(['segment', 'export', 'invited', '--at', new Date().toISOString()])
    assert.deepEqual(
      [history.trend.at(-1)!.size, then.code, then.stdout.trimEnd().split('\n').length],
      [1, 0, 1],
    )
    assert.equal((await refused('segment', 'export', 'invited'))[1], 'SegmentUnknown')
    assert.equal((await refused('segment', 'overlap', 'good', 'invited'))[1], 'SegmentUnknown')
  })
}
