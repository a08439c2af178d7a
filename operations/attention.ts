/** What somebody should look at, and what to do about it: the rules behind the list on the first page. */

import type { RetentionReport } from '../workflows/retention-contract.js'
import type { ActivationLine } from './activations/list.js'
import type { RefreshResult } from './refresh.js'
import type { SourceLine } from './source-lines.js'

export interface Attention {
  readonly severity: 'error' | 'warning' | 'info'
  readonly about:
    | 'workers'
    | 'workspace'
    | 'retention'
    | 'source'
    | 'secret'
    | 'people'
    | 'segment'
    | 'activation'
  /** Of what it is about; null for what there is only one of. */
  readonly id: string | null
  /** A sentence without its full stop. */
  readonly message: string
  /** What to do. */
  readonly remedy: string
  /** ISO 8601: since when; null where that is not known. */
  readonly at: string | null
}

export interface AttentionFacts {
  /** Queues from which nobody takes work; undefined: Temporal does not answer. */
  readonly idleQueues: readonly string[] | undefined
  readonly sources: readonly SourceLine[]
  readonly activations: readonly ActivationLine[]
  /** The newest one. */
  readonly refresh: RefreshResult | undefined
  /** The newest removal of old data. */
  readonly retention: RetentionReport | undefined
  /** Mappings that are published. */
  readonly mappings: number
  /** Files with errors. */
  readonly faulty: readonly string[]
  /** Files that differ from what is published. */
  readonly changed: readonly string[]
  /** Names that the files refer to and nothing sets. */
  readonly missingSecrets: readonly string[]
}

/** A sync that is due begins within seconds; this much later something is wrong. */
const OVERDUE_MS = 15 * 60_000

/** Errors first, then warnings, then what is only worth knowing. */
export function attention(facts: AttentionFacts, nowMs: number = Date.now()): readonly Attention[] {
  const all = [
    ...ofWorkers(facts),
    ...facts.missingSecrets.map(ofSecret),
    ...facts.sources.flatMap((source) => ofSource(source, nowMs)),
    ...ofPeople(facts),
    ...ofRetention(facts),
    ...facts.activations.flatMap(ofActivation),
    ...ofDrafts(facts),
  ]
  const order = ['error', 'warning', 'info']
  return all.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity))
}

const COUNT = new Intl.NumberFormat('en')

function ofWorkers({ idleQueues }: AttentionFacts): Attention[] {
  const about = { severity: 'error', about: 'workers', id: null, at: null } as const
  if (idleQueues === undefined) {
    const remedy = 'see tributary doctor; what is shown of schedules and runs may be old'
    return [{ ...about, message: 'Temporal does not answer', remedy }]
  }
  if (idleQueues.length === 0) return []
  const remedy = 'start one with tributary up, or tributary worker'
  return [{ ...about, message: 'No worker takes work: nothing is synced and nothing is sent', remedy }]
}

function ofSecret(name: string): Attention {
  return {
    severity: 'error',
    about: 'secret',
    id: name,
    message: `The secret ${name} is not set`,
    remedy: 'type it into the form of the source or destination that uses it',
    at: null,
  }
}

function ofSource(
  { id, state, last, paused, note, nextAt, running }: SourceLine,
  nowMs: number,
): Attention[] {
  if (state === 'removed') return []
  const found: Attention[] = []
  const about = { about: 'source', id, at: last?.endedAt ?? null } as const
  if (last && (last.outcome === 'failed' || last.outcome === 'partial')) {
    const [message, remedy] = told(last.error, 'look at the run')
    const how = last.outcome === 'failed' ? 'The last sync failed' : 'The last sync left something out'
    const severity = last.outcome === 'failed' ? 'error' : 'warning'
    found.push({ ...about, severity, message: message === '' ? how : `${how}: ${message}`, remedy })
  }
  if (last && last.rejects > 0) {
    const rows = last.rejects === 1 ? '1 row was' : `${COUNT.format(last.rejects)} rows were`
    const remedy = 'look at the rejects, and try them again once their reason is gone'
    found.push({ ...about, severity: 'warning', message: `${rows} rejected by the last sync`, remedy })
  }
  if (paused) {
    found.push({ ...about, severity: 'warning', ...ofPause(note, last?.error ?? null), at: null })
  }
  if (nextAt !== null && running === null && nowMs - Date.parse(nextAt) > OVERDUE_MS) {
    const remedy = 'look whether workers run, and at the schedule'
    found.push({
      ...about,
      severity: 'warning',
      message: 'A sync was due and did not begin',
      remedy,
      at: nextAt,
    })
  }
  return found
}

/** `paused by Ada` says itself that it is paused. */
function pausedFor(reason: string): string {
  if (reason === '') return 'It is paused'
  return reason.startsWith('paused ') ? `It is ${reason}` : `It is paused: ${reason}`
}

function ofPause(note: string, error: string | null): Pick<Attention, 'message' | 'remedy'> {
  // The failure stands in the list already.
  if (error !== null && error !== '' && note.includes(error))
    return {
      message: 'It is paused since its last sync failed',
      remedy: 'mend the reason, then resume it',
    }
  return { message: pausedFor(note), remedy: 'resume it when it may run again' }
}

function ofPeople({ refresh, mappings, sources }: AttentionFacts): Attention[] {
  const about = { about: 'people', id: null, at: refresh?.now ?? null } as const
  if (mappings === 0) {
    if (!sources.some(({ rows }) => rows > 0)) return []
    const message = 'Data is loaded, and no stream is mapped to people'
    return [{ ...about, severity: 'info', message, remedy: 'map a stream of a source' }]
  }
  if (!refresh) return []
  const failed = refresh.segments.flatMap(({ name, error }): Attention[] => {
    if (error === undefined) return []
    const [message, remedy] = told(error, 'correct its definition')
    const kept = `It keeps the people it had: ${message}`
    return [{ severity: 'error', about: 'segment', id: name, message: kept, remedy, at: refresh.now }]
  })
  const steps = refresh.steps.flatMap(({ name, error }): Attention[] => {
    // Segments are told one by one.
    if (error === undefined || name === 'segments') return []
    const [message, remedy] = told(error.message, 'look at the run')
    return [{ ...about, severity: 'error', message: `People lack what ${name} gives: ${message}`, remedy }]
  })
  if (refresh.outcome !== 'failed') return [...steps, ...failed]
  const [message, remedy] = told(refresh.error?.message ?? null, 'look at the run')
  return [
    { ...about, severity: 'error', message: `People were not brought up to date: ${message}`, remedy },
    ...failed,
  ]
}

function ofRetention({ retention }: AttentionFacts): Attention[] {
  if (!retention || retention.outcome === 'succeeded') return []
  const [message, remedy] = told(retention.error?.message ?? null, 'look at the run')
  return [
    {
      severity: 'warning',
      about: 'retention',
      id: null,
      message: `Not everything that is too old could be removed: ${message}`,
      remedy,
      at: retention.now,
    },
  ]
}

function ofActivation({ id, state, hold, waiting, lastOutcome, lastAt }: ActivationLine): Attention[] {
  const about = { about: 'activation', id } as const
  if (waiting) {
    const { adds, changes, removes, until } = waiting
    const [toAdd, toChange, toRemove] = [adds, changes, removes].map((count) => COUNT.format(count))
    const message = `It waits for an approval: ${toAdd} to add, ${toChange} to change, ${toRemove} to remove`
    return [{ ...about, severity: 'warning', message, remedy: 'approve or refuse the plan', at: until }]
  }
  if (hold) {
    const [reason, remedy] = told(hold.reason, 'resume it when it may run again')
    const message = pausedFor(reason)
    // Nobody chose the pause that a failure made.
    const severity = lastOutcome === 'failed' ? 'error' : 'info'
    return [{ ...about, severity, message, remedy, at: hold.at }]
  }
  if (state !== 'idle' || lastOutcome === null) return []
  const said = SAID_OF_OUTCOME[lastOutcome]
  return said ? [{ ...about, ...said, at: lastAt }] : []
}

const SAID_OF_OUTCOME: Partial<
  Readonly<
    Record<NonNullable<ActivationLine['lastOutcome']>, Pick<Attention, 'severity' | 'message' | 'remedy'>>
  >
> = {
  failed: { severity: 'error', message: 'The last run failed', remedy: 'look at the run' },
  stopped: {
    severity: 'error',
    message: 'A guard stopped the last run',
    remedy: 'look at what it would have done',
  },
  expired: { severity: 'warning', message: 'Nobody approved the last plan in time', remedy: 'plan it again' },
  partial: { severity: 'warning', message: 'Some records were rejected', remedy: 'look at the rejects' },
}

function ofDrafts({ faulty, changed }: AttentionFacts): Attention[] {
  const files = (paths: readonly string[]) => (paths.length === 1 ? paths[0]! : `${paths.length} files`)
  const about = { about: 'workspace', id: null, at: null } as const
  return [
    ...(faulty.length === 0
      ? []
      : [
          {
            ...about,
            severity: 'warning',
            message: `Errors in ${files(faulty)}`,
            remedy: 'correct them',
          } as const,
        ]),
    ...(changed.length === 0
      ? []
      : [
          {
            ...about,
            severity: 'info',
            message: `Not published yet: ${files(changed)}`,
            remedy: 'look at what would change, then publish it',
          } as const,
        ]),
  ]
}

/** Errors say what happened, then after a semicolon what to do. */
function told(error: string | null, otherwise: string): readonly [message: string, remedy: string] {
  const [message = '', ...remedy] = (error ?? '').split('; ')
  return [message, remedy.join('; ') || otherwise]
}
