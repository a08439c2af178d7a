/** Destinations that deal wrongly with failures, or say what nobody may see. */
import { setTimeout as delay } from 'node:timers/promises'
import { rejected } from '../../destination.js'
import { ConnectorError } from '../../errors.js'
import { allOk, contacts, failed, isOnly, type Variants } from './broken-parts.js'
import { type Answer, answersOf, contact, post } from './suite-destination.js'
import { TOKEN } from './suite-vendor.js'

export const BROKEN_FAILURES: Variants = {
  'errors that are swallowed': [
    failed(async (_, __, batch) => allOk(batch)),
    'calls a vendor that only answers with 500',
  ],
  'errors that are no ConnectorErrors': [
    failed(() => Promise.reject(new Error('no'))),
    'calls a vendor that only answers with 500',
  ],
  'refusal of the token as rejections': [
    failed(async (error, _, batch) => {
      if (!isOnly(error, 'AuthExpired')) throw error
      return { results: batch.records.map(() => rejected('no right to write it')) }
    }),
    'calls a vendor that only answers with 401',
  ],
  'refusal of everything as success': [
    failed(async (error, _, batch) => {
      if (!isOnly(error, 'ConfigInvalid')) throw error
      return allOk(batch)
    }),
    'calls no record ok when everything is answered with 400',
  ],
  'rate limit without its time': [
    failed(async (error, _, batch) => {
      if (!isOnly(error, 'RateLimited')) throw error
      return { results: batch.records.map(() => ({ status: 'retry', reason: 'later' })) }
    }),
    'gives a long rate limit to the caller at once',
  ],
  'cancel that is ignored': [
    failed(async (error, context) => {
      if (context.signal.aborted) await delay(3000)
      throw error
    }),
    'ends a request under way when it is cancelled',
  ],
  'answers that may not grow': [
    contacts(async (context, batch) => {
      if (batch.operation === 'remove') return contact.write(context, batch)
      const answer = await post<Answer>(context, '/contacts/upsert', batch)
      if (Object.keys(answer).length === 1) return { results: answersOf(answer) }
      throw new ConnectorError('SchemaIncompatible', 'writing contacts: the answer has another shape')
    }),
    'gets over answers with fields that it does not know',
  ],
  'secret in an error': [
    failed(() => {
      throw new ConnectorError('SourceUnavailable', `writing contacts: ${TOKEN} was refused; renew it`)
    }),
    'shows no secret of the config',
  ],
  'person in a log': [
    contacts((context, batch) => {
      context.log.info('writing contacts', { first: batch.records[0]!.match.email })
      return contact.write(context, batch)
    }),
    'shows nobody by whom records are matched',
  ],
}
