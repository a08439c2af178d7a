/** Runs: what goes on, how far it is, what failed and what to do. */
import { listRunLines } from '../../operations/run-lines.js'
import { runView, watchRun } from '../../operations/run-view.js'
import { defineEvents, defineRoute } from '../route.js'
import {
  boolean,
  count,
  described,
  dictionary,
  list,
  moment,
  named,
  nullable,
  number,
  object,
  oneOf,
  shortText,
  text,
} from '../schema.js'

const kind = oneOf('sync', 'backfill', 'reset', 'refresh', 'activation')
const outcome = oneOf(
  'running',
  'waiting for approval',
  'succeeded',
  'partial',
  'failed',
  'cancelled',
  'planned',
  'stopped',
  'refused',
  'expired',
  'skipped',
)

const lineProperties = {
  kind,
  workflowId: text,
  runId: text,
  run: described(text, { description: 'Names the run among those of its workflow' }),
  subject: described(text, { description: 'Id of the source or the activation; empty for refreshes' }),
  about: described(text, { description: 'The stream of a reset, the name of a backfill; otherwise empty' }),
  outcome,
  reason: described(nullable(text), { description: 'Why it was started', examples: ['schedule'] }),
  startedAt: moment,
  endedAt: described(nullable(moment), { description: 'Null while it goes on' }),
  seconds: number,
  counts: described(dictionary(number), {
    description:
      'By name. Syncs: rows, bytes, rejects. Refreshes: profiles, identifiers, merged, split, conflicts. Activations: adds, changes, removes, rejects, acknowledged',
  }),
  error: described(nullable(text), { description: 'Why it failed, and what to do' }),
  temporalUrl: described(nullable(text), { description: 'Where it is in the Temporal UI' }),
}

export const runLine = named('RunLine', object(lineProperties))

const retry = named(
  'Retry',
  object(
    {
      failed: described(count, { description: 'Attempts that failed' }),
      of: described(count, { description: 'Attempts at most; absent: until its time is over' }),
      type: text,
      message: described(text, { description: 'What happened, and what to do' }),
      nextAt: described(moment, { description: 'When it is tried again; absent while it is being tried' }),
    },
    ['of', 'nextAt'],
  ),
)

const streamView = named(
  'RunStream',
  object({
    name: text,
    status: oneOf('waiting', 'running', 'sleeping', 'succeeded', 'failed', 'cancelled', 'skipped'),
    rows: count,
    bytes: count,
    rejects: count,
    slices: count,
    seconds: nullable(number),
    cursor: described(nullable(text), { description: 'Position as a person reads it' }),
    remaining: described(nullable(object({ rows: number, bytes: number }, ['rows', 'bytes'])), {
      description: 'What the source says is still to come; rough',
    }),
    resumeAt: described(nullable(moment), { description: 'When a rate limit ends' }),
    retry: nullable(retry),
    error: nullable(text),
  }),
)

const errorReport = object({ type: text, message: text })

const runViewSchema = named(
  'RunView',
  object({
    ...lineProperties,
    streams: described(list(streamView), { description: 'Of syncs and resets' }),
    steps: described(
      list(
        object(
          {
            name: text,
            status: oneOf('waiting', 'running', 'done', 'nothing new', 'failed'),
            rows: count,
            seconds: number,
            error: errorReport,
          },
          ['error'],
        ),
      ),
      { description: 'Of refreshes, in turn' },
    ),
    segments: described(
      list(
        object({ segment: text, size: count, entered: count, left: count, seconds: number, error: text }, [
          'error',
        ]),
      ),
      { description: 'Of refreshes: those that failed, then those that changed most' },
    ),
    activation: nullable(
      object({
        phase: oneOf('planning', 'waiting for approval', 'sending', 'sleeping', 'finishing', 'ended'),
        until: nullable(moment),
        guards: list(
          object(
            {
              name: oneOf(
                'max_removes',
                'max_adds',
                'max_changes',
                'empty_segment',
                'failed_segment',
                'stale_consent',
                'schema_drift',
              ),
              breached: boolean,
              message: text,
              final: described(boolean, { description: 'A breach that nobody may approve' }),
            },
            ['final'],
          ),
        ),
        batches: count,
        batchesDone: count,
      }),
    ),
    retry: described(nullable(retry), { description: 'What the run as a whole is tried again for' }),
    note: text,
  }),
)

const runParams = object({
  workflowId: described(shortText, { description: 'Slashes as %2F', examples: ['sync/shop-manual'] }),
})
const runQuery = object(
  {
    run: described(shortText, {
      description: 'One of its runs. Default: the one that goes on, or the newest',
    }),
  },
  ['run'],
)

export const runRoutes = [
  defineRoute({
    method: 'GET',
    path: '/api/v1/runs',
    role: 'viewer',
    summary: 'What goes on, then what has ended, the newest first',
    query: object(
      {
        kind,
        subject: described(shortText, { description: 'Of one source or activation' }),
        outcome,
        after: described(shortText, { description: 'Where the page before ended: its next' }),
        limit: described(count, { minimum: 1, maximum: 200 }),
      },
      ['kind', 'subject', 'outcome', 'after', 'limit'],
    ),
    response: object({
      runs: list(runLine),
      next: described(nullable(text), { description: 'For the next page; null: there is none' }),
    }),
    handle: ({ operations }, { query }) => listRunLines(operations, query),
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/runs/:workflowId',
    role: 'viewer',
    summary: 'One run: where it stands, or how it ended',
    params: runParams,
    query: runQuery,
    response: runViewSchema,
    handle: ({ operations }, { params, query }) => runView(operations, params.workflowId, query.run),
  }),
  defineEvents({
    path: '/api/v1/runs/:workflowId/progress',
    role: 'viewer',
    summary: 'The same again and again as it goes on; the last one has ended',
    params: runParams,
    query: runQuery,
    event: runViewSchema,
    handle: ({ operations, signal }, { params, query }) =>
      watchRun(operations, params.workflowId, query.run, signal),
  }),
]
