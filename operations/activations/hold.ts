/** `tributary activate pause|resume`: whether an activation runs by itself: by its schedule, or after refreshes. */
import { readHold, setHold } from '../../activation/holds.js'
import { recordAudit } from '../../warehouse/audit.js'
import { type ActivationContext, knownActivation } from './published.js'

/** Nothing runs by itself before somebody resumes it. */
export interface Hold {
  readonly by: string
  /** ISO 8601. */
  readonly at: string
  readonly reason: string
}

export interface HoldResult {
  readonly activation: string
  readonly paused: boolean
  /** False when it was so already. */
  readonly changed: boolean
}

type HoldContext = Pick<ActivationContext, 'warehouse'>

/** A run that is going on goes on. Idempotent; one that is paused already keeps its first reason. @throws ActivationUnknown */
export async function pauseActivation(
  context: HoldContext,
  activation: string,
  { by, reason }: { readonly by: string; readonly reason: string },
): Promise<HoldResult> {
  await knownActivation(context, activation, `pausing ${activation}`)
  const changed = await say(context, activation, { held: true, author: by, reason })
  return { activation, paused: true, changed }
}

/** Idempotent. @throws ActivationUnknown */
export async function resumeActivation(
  context: HoldContext,
  activation: string,
  { by }: { readonly by: string },
): Promise<HoldResult> {
  await knownActivation(context, activation, `resuming ${activation}`)
  const changed = await say(context, activation, { held: false, author: by, reason: '' })
  return { activation, paused: false, changed }
}

/** Who paused it; undefined where nobody did. */
export async function holdOf(context: HoldContext, activation: string): Promise<Hold | undefined> {
  const hold = await readHold(await context.warehouse(), activation)
  return hold?.held ? { by: hold.author, at: hold.at, reason: hold.reason } : undefined
}

async function say(
  context: HoldContext,
  activation: string,
  hold: { readonly held: boolean; readonly author: string; readonly reason: string },
): Promise<boolean> {
  if (((await holdOf(context, activation)) !== undefined) === hold.held) return false
  const warehouse = await context.warehouse()
  await setHold(warehouse, { activation, ...hold })
  await recordAudit(warehouse, {
    actor: hold.author,
    action: hold.held ? 'activate pause' : 'activate resume',
    subject: activation,
    detail: hold.reason,
  })
  return true
}
