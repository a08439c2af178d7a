/**
 * The lapsed customers of value reach the mailing tool and the office's database; a mistake in the segment is held by guards;
 * a run that was approved all the same is taken back.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { applyActivation } from '../../operations/activations/apply.js'
import { decide } from '../../operations/activations/decide.js'
import { followActivation } from '../../operations/activations/follow.js'
import { resumeActivation } from '../../operations/activations/hold.js'
import { undoRun } from '../../operations/activations/undo.js'
import { apply } from '../../operations/apply.js'
import { formatCount } from '../format.js'
import type { Check } from './checks.js'
import { callsCheck, expectedLapsed, type Lapsed, mailsCheck } from './lapsed.js'
import { type Refreshed, refresh } from './refresh.js'
import { planThatWaits, runsOfNewest, settledRun } from './runs-of-activations.js'
import type { Stage } from './stage.js'

export const MAIL = 'lapsed-mail'
export const CALLS = 'lapsed-calls'

/** What was delivered where, for the end of the demo. */
export interface Delivered {
  readonly activation: string
  readonly place: string
  readonly records: number
}

export interface Activated {
  readonly checks: readonly Check[]
  readonly delivered: readonly Delivered[]
}

const SEGMENT = 'segments/lapsed-high-value.yaml'
const AUTHOR = 'demo'

export async function activateSegments(stage: Stage, refreshed: Refreshed): Promise<Activated> {
  const { progress } = stage
  progress.step('Sending the lapsed customers of value to the mailing tool and to the office')
  const lapsed = expectedLapsed(refreshed)
  const newest = await runsOfNewest(stage, [MAIL, CALLS])
  const first = [
    sent(newest.get(MAIL)!.outcome, newest.get(CALLS)!.outcome),
    mailsCheck('after each refresh', stage, lapsed),
    await callsCheck('after each refresh', stage, lapsed),
  ]
  progress.note(
    `${formatCount(lapsed.reachable.size)} recipients in the mailing tool, ${formatCount(lapsed.households.size)} people to call in the office`,
  )
  const guarded = await makeMistake(stage, lapsed)
  const mended = await mendMistake(stage, lapsed)
  return {
    checks: [...first, ...guarded, ...mended],
    delivered: [
      { activation: MAIL, place: 'the mailing tool', records: lapsed.reachable.size },
      { activation: CALLS, place: 'the office’s database', records: lapsed.households.size },
    ],
  }
}

/** Two digits too many in the segment: one activation stops, the other waits, and is approved by somebody who does not look. */
async function makeMistake(stage: Stage, lapsed: Lapsed): Promise<readonly Check[]> {
  const { context, progress } = stage
  progress.step('A mistake in the segment: it would take nearly everybody off both lists')
  await editSegment(stage, 'gte: 500', 'gte: 50000')
  await refresh(stage)
  const waiting = await planThatWaits(stage, MAIL)
  const stopped = await settledRun(stage, CALLS)
  const { counts, guards, hash } = waiting.plan
  const breached = guards.find((guard) => guard.breached)
  progress.note(`${MAIL} waits for an approval: ${breached?.message}`)
  const guarded: Check[] = [
    {
      name: 'a guard stops a mass removal',
      ok: counts.removes === lapsed.reachable.size && stopped.outcome === 'stopped',
      detail: `${MAIL} waits: ${breached?.message}; ${CALLS} ${stopped.outcome}`,
    },
    mailsCheck('while the guard holds', stage, lapsed),
    await callsCheck('while the guard holds', stage, lapsed),
  ]
  await decide(context, waiting, { hash, approved: true, by: AUTHOR, note: 'without a look' })
  const approved = await settledRun(stage, MAIL)
  progress.note(
    `Approved without a look: ${formatCount(stage.systems.mailer.recipients.size)} recipients are left`,
  )
  const undone = await followActivation(context, await undoRun(context, approved.run, { author: AUTHOR }), {
    signal: stage.signal,
  })
  progress.note(
    `Taken back: ${formatCount(undone.acknowledged)} recipients are there again; ${MAIL} is paused`,
  )
  return [
    ...guarded,
    {
      name: 'an approved plan is sent',
      ok: approved.outcome === 'succeeded' && approved.acknowledged === lapsed.reachable.size,
      detail: `${approved.outcome}, ${approved.acknowledged} removed, approved by ${approved.approval?.by}`,
    },
    {
      name: 'a run is taken back',
      ok: undone.outcome === 'succeeded' && undone.acknowledged === lapsed.reachable.size,
      detail: `${undone.outcome}, ${undone.acknowledged} restored`,
    },
    mailsCheck('after the undo', stage, lapsed),
  ]
}

/** The segment is as it was, and so is what the tools hold: there is nothing to send. */
async function mendMistake(stage: Stage, lapsed: Lapsed): Promise<readonly Check[]> {
  const { context, progress, signal } = stage
  progress.step('Mending the segment: the lists are as they were, and nothing is sent')
  await editSegment(stage, 'gte: 50000', 'gte: 500')
  await refresh(stage)
  const calls = await settledRun(stage, CALLS)
  await resumeActivation(context, MAIL, { by: AUTHOR })
  const started = await applyActivation(context, MAIL, { author: AUTHOR })
  const mail = await followActivation(context, started, { signal })
  const changes = [mail, calls].map(({ adds, changes, removes }) => adds + changes + removes)
  return [
    {
      name: 'what is in step is sent nothing',
      ok:
        changes.every((count) => count === 0) &&
        [mail, calls].every(({ outcome }) => outcome === 'succeeded'),
      detail: `${MAIL} ${mail.outcome}, ${CALLS} ${calls.outcome}, ${changes.join(' and ')} records`,
    },
    mailsCheck('in the end', stage, lapsed),
    await callsCheck('in the end', stage, lapsed),
  ]
}

async function editSegment({ workspaceDir, context }: Stage, before: string, after: string): Promise<void> {
  const path = join(workspaceDir, SEGMENT)
  const text = await readFile(path, 'utf8')
  if (!text.includes(before)) throw new Error(`editing ${SEGMENT}: it has no ${before}`)
  await writeFile(path, text.replace(before, after))
  await apply(context, { author: AUTHOR, message: `${before} becomes ${after}` })
}

function sent(...outcomes: readonly string[]): Check {
  return {
    name: 'segments are sent after each refresh',
    ok: outcomes.every((outcome) => outcome === 'succeeded'),
    detail: outcomes.join(', '),
  }
}
