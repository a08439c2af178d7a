/** Sources: where data comes from, as files that forms edit, and what people say to them. */
import { type SourceFile, sourceFileSchema } from '@tributary/schemas'
import { checkApart } from '../../operations/apart/connectors.js'
import { startBackfill } from '../../operations/backfill.js'
import { cancel } from '../../operations/cancel.js'
import {
  connectedConfig,
  deleteConnected,
  readConnected,
  writeConnected,
} from '../../operations/connected-documents.js'
import { loadedStreams, sampleRows } from '../../operations/loaded-streams.js'
import { rejects, replayRejects } from '../../operations/rejects.js'
import { startReset } from '../../operations/reset.js'
import { pause, resume } from '../../operations/schedules.js'
import { listSources, sourceLine as readSourceLine } from '../../operations/source-lines.js'
import { rollbackState, state, stateDiff } from '../../operations/state.js'
import { startSync } from '../../operations/sync.js'
import { askerOf, defineRoute } from '../route.js'
import { count, described, fileSchema, list, object, shortText, text } from '../schema.js'
import { ASKING_MS } from '../within.js'
import { checkResult, discovered, discoverWith } from './connectors.js'
import { draftRoutes } from './draft-routes.js'
import { sourceLine } from './overview-shapes.js'
import {
  cancelled,
  loadedRows,
  loadedStream,
  paused,
  rejectRow,
  replayed,
  rolledBack,
  startedRun,
  stateChange,
  stateRow,
} from './source-shapes.js'
import { idParam } from './workspace-shapes.js'

const sourceFile = fileSchema<SourceFile>('SourceFile', sourceFileSchema)
const streamParams = object({ id: shortText, stream: shortText })
const message = described(text, { description: 'Why', maxLength: 500 })

const fileRoutes = [
  defineRoute({
    method: 'GET',
    path: '/api/v1/sources',
    role: 'viewer',
    summary: 'Sources, when they run, how it went and how fresh their data is',
    response: object({ sources: list(sourceLine) }),
    handle: async ({ operations }) => ({ sources: await listSources(operations) }),
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/sources/:id/status',
    role: 'viewer',
    summary: 'One source, as the list has it',
    params: idParam,
    response: sourceLine,
    handle: ({ operations }, { params }) => readSourceLine(operations, params.id),
  }),
  ...draftRoutes<SourceFile>({
    folder: 'sources',
    one: 'a source',
    definition: sourceFile,
    read: (context, id) => readConnected(context, 'source', id),
    write: (context, id, edit) => writeConnected(context.operations, askerOf(context), 'source', id, edit),
    remove: (context, id, expected) => deleteConnected(context, 'source', id, expected),
  }),
]

const askRoutes = [
  defineRoute({
    method: 'POST',
    path: '/api/v1/sources/:id/check',
    role: 'marketer',
    summary: 'Whether the source can be read with its draft',
    params: idParam,
    response: checkResult,
    handle: async ({ operations, signal }, { params }) =>
      checkApart(operations, await connectedConfig(operations, 'source', params.id), signal),
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/sources/:id/discover',
    role: 'marketer',
    summary: 'The streams that the source has now, asked with its draft',
    patienceMs: ASKING_MS,
    params: idParam,
    response: discovered,
    handle: async (context, { params }) =>
      discoverWith(context, await connectedConfig(context.operations, 'source', params.id)),
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/sources/:id/streams',
    role: 'viewer',
    summary: 'Streams that were loaded, their columns, and the mappings that read them',
    params: idParam,
    response: object({ streams: list(loadedStream) }),
    handle: async ({ operations }, { params }) => ({ streams: await loadedStreams(operations, params.id) }),
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/sources/:id/streams/:stream/rows',
    role: 'operator',
    summary: 'Some rows of a stream as they were loaded',
    params: streamParams,
    query: object({ limit: described(count, { minimum: 1, maximum: 100 }) }, ['limit']),
    response: loadedRows,
    handle: ({ operations }, { params, query }) =>
      sampleRows(operations, params.id, params.stream, query.limit),
  }),
]

const runRoutes = [
  defineRoute({
    method: 'POST',
    path: '/api/v1/sources/:id/sync',
    role: 'marketer',
    summary: 'Sync a source now, as a whole or some of its streams',
    params: idParam,
    body: object({ streams: list(shortText) }, ['streams']),
    response: startedRun,
    audit: ({ params }) => ({ action: 'sync', subject: params.id }),
    handle: ({ operations }, { params, body }) => startSync(operations, params.id, body.streams),
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/sources/:id/backfill',
    role: 'operator',
    summary: 'Read a stretch of the past, without moving where syncs stand',
    params: idParam,
    body: object(
      {
        from: described(shortText, { description: 'A time or a whole number, included' }),
        to: described(shortText, { description: 'Excluded' }),
        step: described(shortText, { description: 'Length of one window', examples: ['1d'] }),
        streams: list(shortText),
        name: described(shortText, { maxLength: 60 }),
      },
      ['step', 'streams', 'name'],
    ),
    response: startedRun,
    audit: ({ params, body }) => ({
      action: 'backfill',
      subject: params.id,
      detail: `from ${body.from} to ${body.to}`,
    }),
    handle: ({ operations }, { params, body }) => startBackfill(operations, params.id, body),
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/sources/:id/reset',
    role: 'operator',
    summary: 'Read a stream anew beside what people see, and switch when the read is complete',
    params: idParam,
    body: object({ stream: shortText }),
    response: startedRun,
    audit: ({ params, body }) => ({ action: 'reset', subject: params.id, detail: body.stream }),
    handle: ({ operations }, { params, body }) => startReset(operations, params.id, body.stream),
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/sources/:id/pause',
    role: 'operator',
    summary: 'Keep a source from being synced by its schedule',
    params: idParam,
    body: object({ reason: message }, ['reason']),
    response: paused,
    audit: ({ params }) => ({ action: 'pause', subject: params.id }),
    handle: ({ operations, member }, { params, body }) =>
      pause(
        operations,
        params.id,
        body.reason === undefined ? `paused by ${member.name}` : `${body.reason} (${member.name})`,
      ),
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/sources/:id/resume',
    role: 'operator',
    summary: 'End a pause',
    params: idParam,
    response: paused,
    audit: ({ params }) => ({ action: 'resume', subject: params.id }),
    handle: ({ operations }, { params }) => resume(operations, params.id),
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/sources/:id/cancel',
    role: 'operator',
    summary: 'End what runs for a source at its next checkpoint; what was accepted stays',
    params: idParam,
    response: cancelled,
    audit: ({ params }) => ({ action: 'cancel', subject: params.id }),
    handle: ({ operations }, { params }) => cancel(operations, params.id),
  }),
]

const stateRoutes = [
  defineRoute({
    method: 'GET',
    path: '/api/v1/sources/:id/state',
    role: 'operator',
    summary: 'Where each stream stands',
    params: idParam,
    response: object({ streams: list(stateRow) }),
    handle: async ({ operations }, { params }) => ({ streams: await state(operations, params.id) }),
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/sources/:id/state/diff',
    role: 'operator',
    summary: 'What changed between two steps of each stream',
    params: idParam,
    query: object({ stream: shortText, from: count, to: count }, ['stream', 'from', 'to']),
    response: object({ changes: list(stateChange) }),
    handle: async ({ operations }, { params, query }) => ({
      changes: await stateDiff(operations, params.id, query),
    }),
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/sources/:id/state/rollback',
    role: 'operator',
    summary: 'Take a stream back to an earlier step; the next sync reads on from there',
    params: idParam,
    body: object({ stream: shortText, sequence: count }),
    response: rolledBack,
    audit: ({ params, body }) => ({
      action: 'state rollback',
      subject: params.id,
      detail: `${body.stream} to step ${body.sequence}`,
    }),
    handle: ({ operations }, { params, body }) =>
      rollbackState(operations, params.id, body.stream, body.sequence),
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/sources/:id/rejects',
    role: 'operator',
    summary: 'What could not be loaded as it was, with the reason, the newest first',
    params: idParam,
    query: object({ stream: shortText, limit: described(count, { minimum: 1, maximum: 1000 }) }, [
      'stream',
      'limit',
    ]),
    response: object({ rejects: list(rejectRow) }),
    handle: async ({ operations }, { params, query }) => ({
      rejects: await rejects(operations, params.id, query),
    }),
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/sources/:id/rejects/replay',
    role: 'operator',
    summary: 'Try the rejects of a stream again under its present settings',
    params: idParam,
    body: object({ stream: shortText }),
    response: replayed,
    audit: ({ params, body }) => ({ action: 'rejects replay', subject: params.id, detail: body.stream }),
    handle: ({ operations }, { params, body }) => replayRejects(operations, params.id, body.stream),
  }),
]

export const sourceRoutes = [...fileRoutes, ...askRoutes, ...runRoutes, ...stateRoutes]
