/** What is noted of a record, and in which words. */
import type { RecordResult } from '@tributary/connector-sdk'

export interface Answer {
  readonly outcome: 'acknowledged' | 'rejected' | 'withheld'
  readonly reason: string
  readonly code: string
}

export const ACKNOWLEDGED: Answer = { outcome: 'acknowledged', reason: '', code: '' }

/** Of a batch that may have arrived twice where that counts twice. */
export const REPEATED: Answer = {
  outcome: 'acknowledged',
  reason: 'may have arrived twice: an attempt before ended without an answer',
  code: 'repeated',
}

export const WITHHELD: Answer = {
  outcome: 'withheld',
  reason: 'consent was withdrawn after the plan was made',
  code: '',
}

/**
 * Withdrawn between two attempts, of which the first may have sent it: it counts as withheld, and stands as acknowledged with no
 * fields, so that the next run removes it where it removes, or sends it anew should consent be given again.
 */
export const WITHHELD_LATE: Answer = {
  outcome: 'acknowledged',
  reason: 'consent was withdrawn after an attempt that may have sent it',
  code: 'withheld',
}

/**
 * The run ended before anybody answered: it may have arrived. It stands as acknowledged with no fields, so that the next run
 * sends it again, and removes it where it left by then.
 */
export const UNANSWERED: Answer = {
  outcome: 'acknowledged',
  reason: 'the run ended before there was an answer',
  code: 'unanswered',
}

const LONGEST_REASON = 500

/** The words of a refusal, as they can be kept. */
export function refusal({ reason, code = '' }: { readonly reason: string; readonly code?: string }): Answer {
  return { outcome: 'rejected', reason: kept(reason), code: kept(code) }
}

/** @param repeated whether a batch that comes twice counts twice, and this one may have */
export function answerOf(result: Exclude<RecordResult, { status: 'retry' }>, repeated: boolean): Answer {
  if (result.status === 'rejected') return refusal(result)
  return repeated ? REPEATED : ACKNOWLEDGED
}

/** Under what a record is counted. */
export function countedAs(answer: Answer): Answer['outcome'] {
  return answer.code === WITHHELD_LATE.code && answer.outcome === WITHHELD_LATE.outcome
    ? 'withheld'
    : answer.outcome
}

const kept = (text: string): string => text.replaceAll('\0', '').slice(0, LONGEST_REASON)
