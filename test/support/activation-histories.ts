/** Records the histories of activations: sent, waited for, refused, stopped, limited, failed, cancelled, taken back, asked for. */
import type { MailerAnswer } from '../../examples/grocer/mailer/server.js'
import { applyActivation } from '../../operations/activations/apply.js'
import { decide, type WaitingPlan, waitingPlan } from '../../operations/activations/decide.js'
import { followActivation } from '../../operations/activations/follow.js'
import { resumeActivation } from '../../operations/activations/hold.js'
import { activationStatus } from '../../operations/activations/list.js'
import { planActivation } from '../../operations/activations/plan.js'
import { cancelActivation } from '../../operations/activations/running.js'
import { undoRun } from '../../operations/activations/undo.js'
import { activationWorkflowId } from '../../workflows/activation-contract.js'
import { TASK_QUEUE } from '../../workflows/contract.js'
import { profilesWorkflowId } from '../../workflows/refresh-contract.js'
import { type Audience, customers, PARISIANS, startAudience } from './audience.js'
import { saveHistory } from './save-history.js'
import { until } from './until.js'

const NAME = 'parisians'
const WORKFLOW = activationWorkflowId(NAME)
const AUTHOR = 'recorder'

/** Writes `<workflow>-<case>.json` files into the folder. */
export async function recordActivations(folder: string): Promise<void> {
  let answer: MailerAnswer = { take: true }
  const audience = await startAudience({ mailer: { answer: () => answer } })
  try {
    await recordOutcomes({ folder, audience }, (next) => {
      answer = next
    })
  } finally {
    await audience.stop()
  }
}

interface Recording {
  readonly folder: string
  readonly audience: Audience
}

async function recordOutcomes(
  recording: Recording,
  answerWith: (answer: MailerAnswer) => void,
): Promise<void> {
  const { audience } = recording
  const { context } = audience.stack
  const save = (name: string, workflowId = WORKFLOW) =>
    saveHistory(recording.folder, audience.stack, name, workflowId)
  await audience.haveCustomers(customers(1, 20))
  await run(audience)
  await save('activateSegment-stopped')
  await audience.refresh()
  await planActivation(context, NAME, { author: AUTHOR })
  await save('activateSegment-planned')
  await run(audience)
  await save('activateSegment-success')

  await audience.haveCustomers(customers(1, 4))
  await audience.refresh()
  await decided(audience, false)
  await save('activateSegment-refused')
  const approved = await decided(audience, true)
  await save('activateSegment-approved')
  await followActivation(context, await undoRun(context, approved.run, { author: AUTHOR }))
  await save('activateSegment-undo')
  await resumeActivation(context, NAME, { by: AUTHOR })

  await audience.haveCustomers(customers(1, 21))
  await audience.refresh()
  answerWith({ take: false, status: 401 })
  await run(audience)
  await save('activateSegment-failed')
  await resumeActivation(context, NAME, { by: AUTHOR })
  answerWith({ take: false, status: 429, headers: { 'retry-after': '60' } })
  await cancelledInSleep(audience)
  await save('activateSegment-cancelled')
  answerWith({ take: false, status: 429, headers: { 'retry-after': '8' } })
  const limited = await applyActivation(context, NAME, { author: AUTHOR })
  await sleeping(audience)
  answerWith({ take: true })
  await followActivation(context, limited)
  await save('activateSegment-rate-limit')

  const request = 'activate/recorded'
  await (await context.temporal()).workflow.execute('requestActivation', {
    workflowId: request,
    taskQueue: TASK_QUEUE,
    args: [{ activation: NAME, reason: 'schedule' }],
  })
  await save('requestActivation-success', request)
  await audience.change({ [`activations/${NAME}.yaml`]: `${PARISIANS}trigger: after_refresh\n` })
  await audience.refresh()
  await until(async () => {
    const { status } = await (await context.temporal()).workflow
      .getHandle(profilesWorkflowId('audience'))
      .describe()
    return status.name === 'COMPLETED'
  })
  await save('refreshProfiles-activates', profilesWorkflowId('audience'))
}

async function run({ stack: { context } }: Audience) {
  return followActivation(context, await applyActivation(context, NAME, { author: AUTHOR }))
}

async function decided({ stack: { context } }: Audience, approved: boolean) {
  const started = await applyActivation(context, NAME, { author: AUTHOR })
  let waiting: WaitingPlan | undefined
  await until(async () => {
    waiting = await waitingPlan(context, NAME).catch(() => undefined)
    return waiting !== undefined
  })
  await decide(context, waiting!, { hash: waiting!.plan.hash, approved, by: AUTHOR })
  return followActivation(context, started)
}

async function sleeping({ stack: { context } }: Audience): Promise<void> {
  await until(async () => (await activationStatus(context, NAME)).running?.progress?.phase === 'sleeping')
}

async function cancelledInSleep(audience: Audience): Promise<void> {
  const { context } = audience.stack
  const started = await applyActivation(context, NAME, { author: AUTHOR })
  await sleeping(audience)
  await cancelActivation(context, NAME)
  await followActivation(context, started)
}
