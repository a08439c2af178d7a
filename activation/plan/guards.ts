/** The guards of a plan: what a run may do without asking, and what stops it. All are listed, breached or not. */
import type { ActivationFile, GuardLimit, GuardReport } from '@tributary/schemas'
import type { DiffCounts } from './diff.js'

/** A first mistake may take a few along, but not an audience. */
const DEFAULT_REMOVES_SHARE = 0.3
const DEFAULT_REMOVES_FROM = 20

/** The guards on numbers. A share is of the keys that the target has; of none it says nothing. */
export function countGuards(
  guards: ActivationFile['guards'],
  counts: Pick<DiffCounts, 'adds' | 'changes' | 'removes' | 'held' | 'wanted'>,
): readonly GuardReport[] {
  const { adds, changes, removes, held, wanted } = counts
  const { max_removes, max_adds, max_changes } = guards ?? {}
  const removesGuard =
    max_removes === undefined
      ? defaultRemoves(removes, held)
      : limitGuard('max_removes', removes, held, max_removes)
  return [
    removesGuard,
    ...(max_adds === undefined ? [] : [limitGuard('max_adds', adds, held, max_adds)]),
    ...(max_changes === undefined ? [] : [limitGuard('max_changes', changes, held, max_changes)]),
    emptySegment(removes, held, wanted),
  ]
}

type LimitGuard = 'max_removes' | 'max_adds' | 'max_changes'

function limitGuard(name: LimitGuard, count: number, held: number, limit: GuardLimit): GuardReport {
  const most = [
    ...(limit.count === undefined ? [] : [{ most: limit.count, of: '' }]),
    ...(limit.share === undefined || held === 0
      ? []
      : [{ most: Math.floor(limit.share * held), of: ` (${percent(limit.share)})` }]),
  ].sort((a, b) => a.most - b.most)[0]
  if (most === undefined)
    return { name, breached: false, message: `${sentence(name, count, held)}; nothing limits that` }
  return {
    name,
    breached: count > most.most,
    message: `${sentence(name, count, held)}; at most ${number(most.most)}${most.of} are allowed`,
  }
}

function defaultRemoves(removes: number, held: number): GuardReport {
  const most = Math.floor(DEFAULT_REMOVES_SHARE * held)
  return {
    name: 'max_removes',
    breached: removes >= DEFAULT_REMOVES_FROM && removes > most,
    message: `${sentence('max_removes', removes, held)}; from ${DEFAULT_REMOVES_FROM} on at most ${number(most)} (${percent(DEFAULT_REMOVES_SHARE)}) are allowed`,
  }
}

function emptySegment(removes: number, held: number, wanted: number): GuardReport {
  const breached = wanted === 0 && removes > 0
  return {
    name: 'empty_segment',
    breached,
    message: breached
      ? `nobody is left to send, of ${number(held)} records there: this would empty the audience`
      : `${number(wanted)} records belong there`,
  }
}

/** The segment's newest evaluation, as a guard: members that are not good any more are never sent. */
export function segmentGuard(segment: string, problem: string | undefined): GuardReport {
  return {
    name: 'failed_segment',
    breached: problem !== undefined,
    message: problem ?? `segment ${segment} was evaluated by the newest refresh`,
    ...(problem !== undefined && { final: true }),
  }
}

/** Mappings of consent that failed, as a guard: who withdrew since may not be known. */
export function consentGuard(failed: readonly string[]): GuardReport {
  const breached = failed.length > 0
  return {
    name: 'stale_consent',
    breached,
    message: breached
      ? `mapping ${failed.join(', ')} failed in the newest refresh: consent that was withdrawn since is not known; mend it first`
      : 'what is known of consent is of the newest refresh',
  }
}

/** What the object cannot do of what the file asks, as a guard. */
export function driftGuard(object: string, problems: readonly string[]): GuardReport {
  const breached = problems.length > 0
  return {
    name: 'schema_drift',
    breached,
    message: breached ? problems.join('; ') : `${object} takes all that is mapped`,
    ...(breached && { final: true }),
  }
}

const VERBS: Readonly<Record<LimitGuard, string>> = {
  max_removes: 'removes',
  max_adds: 'adds',
  max_changes: 'changes',
}

const sentence = (name: LimitGuard, count: number, held: number): string =>
  name === 'max_adds'
    ? `adds ${number(count)} to ${number(held)} records`
    : `${VERBS[name]} ${number(count)} of ${number(held)} records`

const number = (value: number): string => value.toLocaleString('en-GB')

const percent = (share: number): string => `${Number((share * 100).toFixed(2))} %`
