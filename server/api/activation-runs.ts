/** Runs of activations: planned, sent, watched, decided on, taken back, and what became of records. */
import { applyActivation } from '../../operations/activations/apply.js'
import { decide, waitingPlan } from '../../operations/activations/decide.js'
import { startPlan } from '../../operations/activations/plan.js'
import { activationHistory } from '../../operations/activations/recorded.js'
import { activationRejects, exportActivationRejects } from '../../operations/activations/rejects.js'
import { cancelActivation } from '../../operations/activations/running.js'
import { undoRun } from '../../operations/activations/undo.js'
import { showActivationRun, showWaitingPlan } from '../../operations/activations/waiting.js'
import { watchActivation } from '../../operations/activations/watch.js'
import { defineEvents, defineLines, defineRoute, type RouteContext } from '../route.js'
import {
  boolean,
  count,
  described,
  either,
  list,
  moment,
  named,
  nullable,
  object,
  oneOf,
  shortText,
  text,
} from '../schema.js'
import { activationPlan, activationReject, activationReport, planSample } from './activation-shapes.js'
import { idParam } from './workspace-shapes.js'

const started = named('StartedActivation', object({ activation: text, workflowId: text, runId: text }))

const delivery = object(
  {
    batches: described(count, { description: 'That have ended' }),
    acknowledged: count,
    rejected: count,
    withheld: described(count, { description: 'Consent was withdrawn since the plan' }),
    repeated: described(count, { description: 'Batches that may have arrived twice' }),
    job: text,
  },
  ['job'],
)

const progress = object(
  {
    activation: text,
    phase: oneOf('planning', 'waiting for approval', 'sending', 'sleeping', 'finishing', 'ended'),
    plan: activationPlan,
    progress: delivery,
    until: described(moment, { description: 'When a rate limit, a job’s pause or an approval ends' }),
  },
  ['plan', 'until'],
)

const activationEvent = named(
  'ActivationEvent',
  either(
    object({ type: oneOf('progress'), progress }),
    object({ type: oneOf('ended'), report: activationReport }),
  ),
)

const sampleQuery = object({ limit: described(count, { minimum: 1, maximum: 100 }) }, ['limit'])

const decision = object(
  {
    hash: described(text, { description: 'Of the plan, as it was shown', pattern: '^[0-9a-f]{64}$' }),
    note: described(text, { maxLength: 500 }),
  },
  ['note'],
)
const decided = named(
  'ActivationDecision',
  object(
    {
      activation: text,
      workflowId: text,
      runId: text,
      plan: text,
      hash: text,
      approved: boolean,
      by: text,
      note: text,
    },
    ['note'],
  ),
)

/** The run itself keeps in the audit log who decided, whether here or on the command line. */
async function decideOn(
  { operations, member }: RouteContext,
  activation: string,
  { hash, note }: { readonly hash: string; readonly note?: string },
  approved: boolean,
) {
  const waiting = await waitingPlan(operations, activation, hash)
  const said = { hash, approved, by: member.name, ...(note !== undefined && { note }) }
  return decide(operations, waiting, said)
}

export const activationRunRoutes = [
  defineRoute({
    method: 'POST',
    path: '/api/v1/activations/:id/plan',
    role: 'marketer',
    summary: 'Start a dry run: who would be added, changed and removed; nothing is sent',
    params: idParam,
    response: started,
    audit: ({ params }) => ({ action: 'activate plan', subject: params.id }),
    handle: ({ operations, member }, { params }) => startPlan(operations, params.id, { author: member.name }),
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/activations/:id/apply',
    role: 'marketer',
    summary: 'Send what changed; a guard that is breached waits for an approval',
    params: idParam,
    response: started,
    audit: ({ params }) => ({ action: 'activate apply', subject: params.id }),
    handle: ({ operations, member }, { params }) =>
      applyActivation(operations, params.id, { author: member.name }),
  }),
  defineEvents({
    path: '/api/v1/activations/:id/progress',
    role: 'viewer',
    summary: 'Where a run stands, as it goes on, and its report in the end (server-sent events)',
    params: idParam,
    query: object(
      { run: described(shortText, { description: 'Default: the one that goes on, or the newest' }) },
      ['run'],
    ),
    event: activationEvent,
    handle: ({ operations, signal }, { params, query }) =>
      watchActivation(operations, params.id, { ...query, signal }),
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/activations/:id/waiting',
    role: 'viewer',
    summary: 'The plan that waits for an approval, with records before and after',
    params: idParam,
    query: sampleQuery,
    response: named(
      'WaitingPlan',
      object(
        {
          activation: text,
          workflowId: text,
          runId: text,
          plan: activationPlan,
          until: described(moment, { description: 'When it expires' }),
          sample: planSample,
        },
        ['until'],
      ),
    ),
    handle: ({ operations, signal }, { params, query }) =>
      showWaitingPlan(operations, params.id, { ...query, signal }),
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/activations/:id/approve',
    role: 'marketer',
    summary: 'Approve the plan that waits, and no other one',
    params: idParam,
    body: decision,
    response: decided,
    handle: (context, { params, body }) => decideOn(context, params.id, body, true),
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/activations/:id/refuse',
    role: 'marketer',
    summary: 'Refuse the plan that waits: nothing of it is sent',
    params: idParam,
    body: decision,
    response: decided,
    handle: (context, { params, body }) => decideOn(context, params.id, body, false),
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/activations/:id/undo',
    role: 'marketer',
    summary: 'Take back what a run did, as far as nothing changed since; or only plan to',
    params: idParam,
    body: object({
      run: described(shortText, { description: 'Id of the run, or at least its first 7 characters' }),
      planOnly: described(boolean, { description: 'Only the plan: what would be sent' }),
    }),
    response: started,
    audit: ({ params, body }) => ({
      action: body.planOnly ? 'activate undo plan' : 'activate undo',
      subject: params.id,
      detail: body.run,
    }),
    handle: ({ operations, member }, { params, body: { run, planOnly } }) =>
      undoRun(operations, run, { author: member.name, planOnly, activation: params.id }),
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/activations/:id/cancel',
    role: 'marketer',
    summary: 'End the run that goes on after the batch that is being sent',
    params: idParam,
    response: object({ activation: text, cancelled: list(object({ workflowId: text, runId: text })) }),
    audit: ({ params }) => ({ action: 'activate cancel', subject: params.id }),
    handle: ({ operations }, { params }) => cancelActivation(operations, params.id),
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/activations/:id/history',
    role: 'viewer',
    summary: 'Runs that ended, the newest first',
    params: idParam,
    query: object({ limit: described(count, { minimum: 1, maximum: 200 }) }, ['limit']),
    response: object({ runs: list(activationReport) }),
    handle: async ({ operations }, { params, query }) => ({
      runs: await activationHistory(operations, { activation: params.id, ...query }),
    }),
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/activations/:id/runs/:run',
    role: 'viewer',
    summary: 'A run that ended, with records of its plan before and after',
    params: object({
      id: shortText,
      run: described(shortText, { description: 'Its id, or at least its first 7 characters' }),
    }),
    query: sampleQuery,
    response: object({
      report: activationReport,
      sample: described(nullable(planSample), { description: 'Null: the run made no plan' }),
    }),
    handle: ({ operations, signal }, { params, query }) =>
      showActivationRun(operations, params.run, { ...query, activation: params.id, signal }),
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/activations/:id/rejects',
    role: 'viewer',
    summary: 'Records that were not taken, and why, the newest first; every run tries them again',
    params: idParam,
    query: object({ limit: described(count, { minimum: 1, maximum: 1000 }) }, ['limit']),
    response: object({ rejects: list(activationReject) }),
    handle: async ({ operations }, { params, query }) => ({
      rejects: await activationRejects(operations, params.id, query.limit),
    }),
  }),
  defineLines({
    path: '/api/v1/activations/:id/rejects.ndjson',
    role: 'viewer',
    summary: 'All records that were not taken, a line each',
    params: idParam,
    line: activationReject,
    file: ({ params }) => `${params.id}-rejects.ndjson`,
    handle: async ({ operations, signal }, { params }) =>
      exportActivationRejects(operations, params.id, { signal }),
  }),
]
