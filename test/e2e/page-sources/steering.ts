/** What operators say to sources and to syncs that go on, and what others may not say. */
import assert from 'node:assert/strict'
import type { TestSession } from '../../../server/testing/test-server.js'
import { GATE_CONNECTOR, gateSource } from '../../cli/sources.js'
import { ask, get } from '../../support/page-api.js'
import type { TestStack } from '../../support/stack.js'

export interface RunView {
  readonly kind: string
  readonly subject: string
  readonly outcome: string
  readonly endedAt: string | null
  readonly counts: Readonly<Record<string, number>>
  readonly streams: readonly { readonly name: string; readonly status: string; readonly rows: number }[]
  readonly temporalUrl: string | null
}

/** A shop that was connected and synced. */
export interface Connected {
  readonly stack: TestStack
  readonly viewer: TestSession
  readonly marketer: TestSession
  readonly operator: TestSession
  /** How a run ended. */
  ended(workflowId: string, runId: string): Promise<RunView>
}

/** @param connected the shop, once it runs */
export function steering(connected: () => Connected): void {
  let stack: Connected['stack']
  let viewer: Connected['viewer']
  let marketer: Connected['marketer']
  let operator: Connected['operator']
  let ended: Connected['ended']
  before(() => {
    ;({ stack, viewer, marketer, operator, ended } = connected())
  })

  it('are said by operators: pause, resume, state, rows, reset', async () => {
    for (const verb of ['pause', 'resume', 'cancel'])
      await ask(marketer, 'POST', `/sources/shop/${verb}`, {
        ...(verb === 'pause' && { body: {} }),
        status: 403,
      })
    const paused = await ask<object>(operator, 'POST', '/sources/shop/pause', {
      body: { reason: 'stocktaking' },
    })
    assert.deepEqual(paused, { source: 'shop', paused: true, changed: true })
    const status = await get<{ paused: boolean; note: string }>(viewer, '/sources/shop/status')
    assert.deepEqual([status.paused, status.note], [true, `stocktaking (${operator.member.name})`])
    await ask(operator, 'POST', '/sources/shop/resume')
    const { streams } = await get<{ streams: { stream: string; rows: number }[] }>(
      operator,
      '/sources/shop/state',
    )
    assert.deepEqual(
      streams.map(({ stream, rows }) => [stream, rows]),
      [['public.orders', 40]],
    )
    const { rows } = await get<{ rows: string[][] }>(
      operator,
      '/sources/shop/streams/public.orders/rows?limit=2',
    )
    assert.deepEqual([rows.length, rows[0]?.length], [2, 5])
    assert.deepEqual(await get(operator, '/sources/shop/rejects'), { rejects: [] })
    const reset = await ask<{ workflowId: string; runId: string }>(operator, 'POST', '/sources/shop/reset', {
      body: { stream: 'public.orders' },
    })
    const view = await ended(reset.workflowId, reset.runId)
    assert.deepEqual([view.kind, view.outcome, view.counts.rows], ['reset', 'succeeded', 40])
  })

  it('are said by operators to a sync that goes on: more at once, one stream left out', async () => {
    await stack.write({ ...GATE_CONNECTOR, 'sources/gate.yaml': gateSource('gate') })
    await ask(operator, 'POST', '/workspace/apply', { body: {} })
    const idle = await ask<{ error: { name: string } }>(operator, 'PUT', '/sources/gate/parallelism', {
      body: { parallelism: 2 },
      status: 409,
    })
    assert.equal(idle.error.name, 'NothingRunning')
    const run = await ask<{ workflowId: string; runId: string }>(operator, 'POST', '/sources/gate/sync', {
      body: {},
    })
    await ask(marketer, 'PUT', '/sources/gate/parallelism', { body: { parallelism: 5 }, status: 403 })
    assert.deepEqual(await ask(operator, 'PUT', '/sources/gate/parallelism', { body: { parallelism: 5 } }), {
      source: 'gate',
      parallelism: 5,
    })
    await ask(operator, 'PUT', '/sources/gate/parallelism', { body: { parallelism: 65 }, status: 400 })
    await ask(marketer, 'POST', '/sources/gate/streams/left/skip', { status: 403 })
    await ask(operator, 'POST', '/sources/gate/streams/other/skip', { status: 409 })
    const skipped = await ask<{ source: string; stream: string }>(
      operator,
      'POST',
      '/sources/gate/streams/left/skip',
    )
    assert.deepEqual([skipped.source, skipped.stream], ['gate', 'left'])
    await stack.write({ 'gate/right': '' })
    const view = await ended(run.workflowId, run.runId)
    assert.deepEqual(view.streams.map(({ name, status }) => [name, status]).sort(), [
      ['left', 'skipped'],
      ['right', 'succeeded'],
    ])
  })
}
