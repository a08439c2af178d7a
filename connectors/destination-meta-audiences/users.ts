/**
 * Members who come and go.
 * https://developers.facebook.com/documentation/ads-commerce/marketing-api/reference/custom-audience/users
 */
import {
  type Batch,
  isConnectorError,
  type RecordResult,
  rejected,
  type WriteContext,
} from '@tributary/connector-sdk'
import { answersOf } from './answers.js'
import { TOO_FEW_LEFT } from './errors.js'
import { openGraph } from './graph.js'
import { payloadOf } from './payload.js'
import { type Session, sessionId } from './session.js'
import type { MetaAudiencesConfig } from './spec.js'

/** Adds members, or what else is known of them. Adding them twice is adding them once. */
export async function addUsers(
  context: WriteContext<MetaAudiencesConfig>,
  audience: string,
  batch: Batch,
): Promise<RecordResult[]> {
  const action = `adding members to audience ${audience}`
  const payload = payloadOf(batch.records, context.config.limited_data_use)
  const session = sessionOf(audience, batch)
  const answer = await openGraph(context).send(action, 'POST', `${audience}/users`, { payload, session })
  return answersOf(action, batch.records, answer, context.log)
}

/** Removes members. Where Meta keeps them because too few would be left, each is rejected. */
export async function removeUsers(
  context: WriteContext<MetaAudiencesConfig>,
  audience: string,
  batch: Batch,
): Promise<RecordResult[]> {
  const action = `removing members of audience ${audience}`
  const payload = payloadOf(batch.records)
  const session = sessionOf(audience, batch)
  try {
    const answer = await openGraph(context).send(action, 'DELETE', `${audience}/users`, { payload, session })
    return answersOf(action, batch.records, answer, context.log)
  } catch (error) {
    if (!isConnectorError(error) || error.code !== TOO_FEW_LEFT) throw error
    return batch.records.map(() => rejected('Meta keeps it: too few members would be left', TOO_FEW_LEFT))
  }
}

/** A session of its own for each batch: whether it is the last of its run no batch knows. */
function sessionOf(audience: string, { idempotencyKey, records }: Batch): Session {
  return {
    session_id: sessionId(audience, idempotencyKey),
    batch_seq: 1,
    last_batch_flag: true,
    estimated_num_total: records.length,
  }
}
