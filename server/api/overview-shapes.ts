/** Shapes of the first page, and of the lists that it shares with others. */
import {
  boolean,
  count,
  described,
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
import { draftState, revision } from './workspace-shapes.js'

const syncOutcome = oneOf('succeeded', 'partial', 'failed', 'cancelled')

export const sourceLine = named(
  'SourceLine',
  object({
    id: text,
    connector: described(text, { description: 'What its file calls it', examples: ['source-postgres'] }),
    title: described(text, { description: 'The name of the product', examples: ['PostgreSQL'] }),
    state: draftState,
    schedule: described(text, { description: 'In plain words', examples: ['every 15 minutes'] }),
    paused: boolean,
    note: described(text, { description: 'Why it is paused, or what was last said about its schedule' }),
    nextAt: nullable(moment),
    running: nullable(object({ workflowId: text, runId: text, startedAt: moment, rows: count })),
    last: nullable(
      object({
        workflowId: text,
        runId: text,
        outcome: syncOutcome,
        startedAt: moment,
        endedAt: moment,
        rows: count,
        rejects: count,
        seconds: number,
        error: nullable(text),
      }),
    ),
    freshAt: described(nullable(moment), { description: 'When data last came' }),
    rows: described(count, { description: 'Rows that were loaded in all' }),
    rowsDay: described(count, { description: 'Rows that were loaded within the last 24 hours' }),
  }),
)

/** An activation as lists show it. */
export const activationLine = named(
  'ActivationSummary',
  object({
    id: text,
    segment: text,
    destination: text,
    object: text,
    mode: oneOf('upsert', 'mirror', 'append', 'full'),
    trigger: described(text, { description: 'In words', examples: ['after each refresh'] }),
    state: oneOf('idle', 'running', 'waiting for approval', 'paused'),
    hold: nullable(object({ by: text, at: moment, reason: text })),
    waiting: nullable(
      object({ hash: text, adds: count, changes: count, removes: count, until: nullable(moment) }),
    ),
    lastOutcome: nullable(
      oneOf(
        'succeeded',
        'partial',
        'failed',
        'cancelled',
        'planned',
        'stopped',
        'refused',
        'expired',
        'skipped',
      ),
    ),
    lastAt: nullable(moment),
  }),
)

const attention = named(
  'Attention',
  object({
    severity: oneOf('error', 'warning', 'info'),
    about: oneOf('workers', 'workspace', 'retention', 'source', 'secret', 'people', 'segment', 'activation'),
    id: described(nullable(text), { description: 'Of what it is about' }),
    message: text,
    remedy: described(text, { description: 'What to do' }),
    at: nullable(moment),
  }),
)

export const overviewSchema = named(
  'Overview',
  object({
    name: text,
    timeZone: described(shortText, { examples: ['Europe/Paris'] }),
    revision: described(nullable(revision), { description: 'What is published' }),
    drafts: object({
      changed: described(count, { description: 'Files that differ from what is published' }),
      faulty: described(count, { description: 'Files with errors' }),
    }),
    sources: list(sourceLine),
    people: described(
      nullable(object({ profiles: count, identifiers: count, outcome: syncOutcome, refreshedAt: moment })),
      { description: 'Null before the first refresh' },
    ),
    mappings: count,
    segments: count,
    destinations: list(
      object({ id: text, connector: text, title: described(text, { examples: ['HubSpot'] }) }),
    ),
    activations: list(activationLine),
    workers: described(count, { description: 'Worker processes that live' }),
    attention: described(list(attention), { description: 'Errors first' }),
  }),
)
