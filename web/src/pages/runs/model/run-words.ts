/** What runs are called, and how much they did, in words. */
import { formatBytes, formatCount, formatNumber } from '../../../ui/format.js'
import { sentenceOf, splitError } from '../../../ui/words.js'

export type RunKind = 'sync' | 'backfill' | 'reset' | 'refresh' | 'activation'

/** In the order in which they are offered as filters. */
export const KINDS: readonly { readonly value: RunKind; readonly label: string }[] = [
  { value: 'sync', label: 'Syncs' },
  { value: 'refresh', label: 'Refreshes of people' },
  { value: 'activation', label: 'Activations' },
  { value: 'backfill', label: 'Backfills' },
  { value: 'reset', label: 'Resets' },
]

interface Named {
  readonly kind: RunKind
  readonly subject: string
  readonly about: string
}

/** `Sync of shop`, `shop: orders read anew`. */
export function runTitle({ kind, subject, about }: Named): string {
  switch (kind) {
    case 'sync':
      return `Sync of ${subject}`
    case 'backfill':
      return about === '' ? `Backfill of ${subject}` : `Backfill of ${subject} (${about})`
    case 'reset':
      return about === '' ? `${subject} read anew` : `${about} of ${subject} read anew`
    case 'refresh':
      return 'Refresh of people and segments'
    case 'activation':
      return `Activation ${subject}`
  }
}

/** Where what the run was about is looked at. */
export function subjectPath({ kind, subject }: Named): string {
  if (kind === 'refresh') return '/profiles'
  return `/${kind === 'activation' ? 'activations' : 'sources'}/${encodeURIComponent(subject)}`
}

/** Why it was started, as people say it; undefined where that says nothing. */
export function sayReason(reason: string | null): string | undefined {
  if (reason === null || reason === '') return undefined
  return REASONS[reason] ?? reason.replaceAll('_', ' ')
}

const REASONS: Readonly<Record<string, string>> = {
  schedule: 'by its schedule',
  manual: 'by hand',
  after_refresh: 'after a refresh',
  backfill: 'as a backfill',
  reset: 'as a reset',
}

interface Counted {
  readonly kind: RunKind
  readonly outcome: string
  readonly counts: Readonly<Record<string, number>>
}

/** Of activations: what was planned is what was done. Any other one may have sent a part, or nothing. */
const SENT_ALL: ReadonlySet<string> = new Set(['succeeded', 'partial'])

/** `12,000 rows, 3 rejected`; `nothing new` where there was nothing to do, `–` where nothing was done. */
export function sayDone({ kind, outcome, counts }: Counted): string {
  const of = (name: string) => counts[name] ?? 0
  const some = (name: string, words: (count: number) => string) => (of(name) > 0 ? [words(of(name))] : [])
  const parts =
    kind === 'refresh'
      ? [
          ...some('profiles', (count) => formatCount(count, 'person', 'people')),
          ...some('merged', (count) => `${formatNumber(count)} merged`),
          ...some('split', (count) => `${formatNumber(count)} split`),
        ]
      : kind === 'activation' && !SENT_ALL.has(outcome)
        ? some('acknowledged', (count) => `${formatCount(count, 'record')} confirmed by the tool`)
        : kind === 'activation'
          ? [
              ...some('adds', (count) => `${formatCount(count, 'person', 'people')} added`),
              ...some('changes', (count) => `${formatNumber(count)} changed`),
              ...some('removes', (count) => `${formatNumber(count)} removed`),
              ...some('rejects', (count) => `${formatNumber(count)} rejected`),
            ]
          : [
              ...some('rows', (count) => formatCount(count, 'row')),
              ...some('rejects', (count) => `${formatNumber(count)} rejected`),
              ...(of('rows') > 0 ? some('bytes', formatBytes) : []),
            ]
  if (parts.length > 0) return parts.join(', ')
  return outcome === 'succeeded' ? 'nothing new' : '–'
}

interface Ending {
  readonly title: string
  /** Mantine's colour. */
  readonly color: string
  readonly what: string
  readonly remedy?: string
}

/** How a run ended that was not well, and what to do. What somebody ended on purpose did not fail. */
export function sayEnding(outcome: string, error: string): Ending {
  if (outcome === 'cancelled')
    return { title: 'It was cancelled', color: 'gray', what: 'What it had done up to then stays.' }
  const { what, remedy } = splitError(error)
  return {
    ...(outcome === 'partial'
      ? { title: 'Something was left out', color: 'yellow' }
      : { title: 'It failed', color: 'red' }),
    what: sentenceOf(what),
    ...(remedy !== undefined && { remedy: sentenceOf(remedy) }),
  }
}
