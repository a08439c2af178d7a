/** Connectors as a server asks them: by a worker, or in a process of their own. */
import { ConnectorError, ConnectorErrorKind } from '@tributary/connector-sdk'
import { MAX_WARNINGS } from '../../workflows/command-contract.js'
import type { Discovered } from '../connector-answers.js'
import type { ConnectorConfig } from '../connector-session.js'
import { asCheck, type ConnectorCheck, checkConnector } from '../connectors.js'
import type { OperationContext } from '../context.js'
import { askApart } from './ask-apart.js'
import type { ApartAnswer } from './question.js'

/** A person waits: the worker itself would try for minutes. */
const CHECK_MS = 60_000

/**
 * Whether the connector can read or write with this config; never fails for one that does not work.
 * @throws the signal's reason
 */
export async function checkApart(
  context: OperationContext,
  asked: ConnectorConfig,
  signal: AbortSignal,
): Promise<ConnectorCheck> {
  const patience = AbortSignal.timeout(CHECK_MS)
  const without = () =>
    asCheck(asked, async (warnings) => {
      const answer = await askApart(context, asked, 'check', { signal })
      warnings.push(...answer.warnings)
      if ('checked' in answer) return answer.checked
      throw failureOf(answer)
    })
  try {
    return await checkConnector(context, asked, { signal: AbortSignal.any([signal, patience]), without })
  } catch (error) {
    if (!patience.aborted) throw error
    const seconds = CHECK_MS / 1000
    const message = `checking ${asked.id}: there was no answer within ${seconds} s; see whether the system can be reached from where the workers run`
    return { ok: false, type: ConnectorErrorKind.SourceUnavailable, message, seconds, by: 'worker' }
  }
}

/** What there is to read or write, and what the connector warned of. @throws ConnectorError, SecretMissing, TooManyAsked */
export async function discoverApart(
  context: OperationContext,
  asked: ConnectorConfig,
  signal: AbortSignal,
): Promise<{ readonly discovered: Discovered; readonly warnings: readonly string[] }> {
  const answer = await askApart(context, asked, 'discover', { signal })
  if (!('found' in answer)) throw failureOf(answer)
  return { discovered: answer.found, warnings: answer.warnings.slice(0, MAX_WARNINGS) }
}

/** What the connector threw, as far as it crosses to another process. */
function failureOf(answer: ApartAnswer): Error {
  if (!('failure' in answer)) return new Error('asking a connector: its process answered another question')
  const { type, message } = answer.failure
  const isKind = (text: string): text is ConnectorErrorKind => text in ConnectorErrorKind
  // Anything else than its own errors is a fault of the connector.
  return new ConnectorError(isKind(type) ? type : ConnectorErrorKind.ContractViolation, message)
}
