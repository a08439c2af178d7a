/** Shapes of what is said to sources, and of what they have loaded. */
import {
  boolean,
  count,
  described,
  json,
  list,
  moment,
  named,
  nullable,
  object,
  oneOf,
  personal,
  text,
} from '../schema.js'

const loadedColumn = object({
  name: text,
  type: described(text, { description: 'ClickHouse type', examples: ['Nullable(String)'] }),
  kind: described(oneOf('text', 'number', 'boolean', 'time', 'list'), {
    description: 'What its values are to people',
  }),
})

export const loadedStream = named(
  'LoadedStream',
  object({
    name: text,
    columns: list(loadedColumn),
    mappings: described(list(text), { description: 'Published mappings that read it' }),
  }),
)

export const loadedRows = named(
  'LoadedRows',
  object({
    stream: text,
    columns: list(loadedColumn),
    rows: described(list(list(personal(nullable(text)))), {
      description: 'Values as text, in the order of the columns',
    }),
  }),
)

export const startedRun = named(
  'StartedRun',
  object({
    source: text,
    started: described(boolean, { description: 'False: a run was going on already, and it is this one' }),
    workflowId: text,
    runId: text,
  }),
)

export const paused = named(
  'Paused',
  object({
    source: text,
    paused: boolean,
    changed: described(boolean, { description: 'False: it was so already' }),
  }),
)

export const cancelled = named(
  'Cancelled',
  object({
    source: text,
    cancelled: described(list(object({ workflowId: text, runId: text })), {
      description: 'What was asked to end',
    }),
  }),
)

export const stateRow = named(
  'StateRow',
  object({
    stream: text,
    generation: described(count, { description: 'Grows with every full refresh and reset' }),
    sequence: described(count, { description: 'Number of the acceptance' }),
    loadId: text,
    cursor: described(text, { description: 'Position as a person reads it; empty where there is none' }),
    rows: described(count, { description: 'Accepted in this generation' }),
    committedAt: moment,
  }),
)

const statePoint = object({ sequence: count, generation: count, cursor: text, at: moment })

export const stateChange = named(
  'StateChange',
  object({
    stream: text,
    from: nullable(statePoint),
    to: statePoint,
    rows: described(count, { description: 'Accepted between the two' }),
    loads: count,
    changes: list(object({ key: text, before: json, after: json }, ['before', 'after'])),
  }),
)

export const rolledBack = named('RolledBack', object({ stream: text, sequence: count, cursor: text }))

export const rejectRow = named(
  'Reject',
  object({
    stream: text,
    at: moment,
    reason: text,
    field: described(text, { description: 'Empty: the record as a whole' }),
    location: described(text, { description: 'Where it stands in the source' }),
    raw: described(personal(text), { description: 'The input as it was' }),
    loadId: text,
    ordinal: count,
    replayed: described(boolean, { description: 'It has been loaded since' }),
  }),
)

export const replayed = named(
  'Replayed',
  object({
    stream: text,
    loaded: described(count, { description: 'Rows that are loaded now' }),
    rejectedAgain: count,
    skipped: described(count, { description: 'Left as they are: no record, or with values withheld' }),
  }),
)
