/**
 * The members of an audience as a new whole. A replacement is one session of at most 90 minutes: its first batch begins it,
 * the one marked last ends it, and so do 90 minutes; then the audience is what had arrived. Nothing that is added or removed
 * otherwise is taken meanwhile.
 * https://developers.facebook.com/documentation/ads-commerce/marketing-api/audiences/guides/custom-audiences#replace-users-api
 */
import {
  type Batch,
  isConnectorError,
  type RecordResult,
  type RunSummary,
  type WriteContext,
} from '@tributary/connector-sdk'
import { answersOf } from './answers.js'
import { ReplaceFailure } from './errors.js'
import { type Graph, openGraph } from './graph.js'
import { NOBODY, payloadOf } from './payload.js'
import { type Session, sessionId } from './session.js'
import type { MetaAudiencesConfig } from './spec.js'
import { addUsers } from './users.js'

/**
 * Sends a batch of the new whole. The first is sent once only, for a second one would begin anew: whether it arrived tells the
 * session. What comes after the 90 minutes is added once the replacement is over, as Meta advises.
 */
export async function replaceUsers(
  context: WriteContext<MetaAudiencesConfig>,
  audience: string,
  batch: Batch,
): Promise<RecordResult[]> {
  const { config, log } = context
  const graph = openGraph(context)
  const action = `replacing members of audience ${audience}`
  const session = sessionOf(context, audience, batch.index)
  const isFirst = batch.index === 0
  if (isFirst) {
    const received = await receivedBy(graph, audience, session)
    if (received >= batch.records.length)
      return answersOf(action, batch.records, { num_received: received }, log)
  }
  const form = { payload: payloadOf(batch.records, config.limited_data_use), session }
  try {
    const answer = await graph.send(action, 'POST', `${audience}/usersreplace`, form, !isFirst)
    return answersOf(action, batch.records, answer, log)
  } catch (error) {
    if (!hasCode(error, ReplaceFailure.timedOut) && !hasCode(error, ReplaceFailure.ended)) throw error
    return addUsers(context, audience, batch)
  }
}

/**
 * Ends the replacement. The batch that is marked last must have a row, and all of ours were sent: it has one of nobody. A run
 * without batches is that row alone, and empties the audience.
 */
export async function finishReplacement(
  context: WriteContext<MetaAudiencesConfig>,
  audience: string,
  run: RunSummary,
): Promise<void> {
  const graph = openGraph(context)
  const action = `ending the replacement of audience ${audience}`
  const session = { ...sessionOf(context, audience, run.batches), last_batch_flag: true }
  try {
    await graph.send(action, 'POST', `${audience}/usersreplace`, { payload: NOBODY, session })
  } catch (error) {
    if (hasCode(error, ReplaceFailure.ended)) return
    if (!hasCode(error, ReplaceFailure.timedOut)) throw error
    context.log.warn(
      'the replacement took longer than 90 minutes: Meta ended it, and later members were added',
    )
  }
}

function sessionOf({ run }: WriteContext<MetaAudiencesConfig>, audience: string, index: number): Session {
  return { session_id: sessionId(audience, run), batch_seq: index + 1, last_batch_flag: false }
}

const hasCode = (error: unknown, code: string): boolean => isConnectorError(error) && error.code === code

/**
 * How many members a session received.
 * https://developers.facebook.com/documentation/ads-commerce/marketing-api/reference/custom-audience/sessions
 */
async function receivedBy(graph: Graph, audience: string, { session_id }: Session): Promise<number> {
  const id = String(session_id)
  const { data } = await graph.get(`reading sessions of audience ${audience}`, `${audience}/sessions`, {
    fields: 'session_id,num_received',
    session_id: id,
  })
  const sessions = Array.isArray(data) ? (data as { session_id?: unknown; num_received?: unknown }[]) : []
  return Number(sessions.find((session) => String(session?.session_id) === id)?.num_received) || 0
}
