/** Compares what people see with what the source has held: every row, its content, and how often it stands there. */
import type { Mode } from './round-plan.js'
import { type History, noteOf } from './shop.js'

export interface VisibleRow {
  readonly id: number
  readonly version: number
  readonly note: string
}

export interface Verdict {
  readonly lost: number
  readonly duplicated: number
  /** The first few differences, for people. */
  readonly examples: readonly string[]
}

export interface Expectation {
  readonly mode: Mode
  readonly history: History
  /** Rows before the first sync: keys 1 to this. */
  readonly initialRows: number
  /** Complete reads of the source; the last one while nobody wrote. */
  readonly reads: number
}

interface Bounds {
  /** Copies of the newest version. */
  readonly newest: readonly [number, number]
  /** Copies of each older version, at most. */
  readonly older: number
  /** Copies in all. */
  readonly total: readonly [number, number]
}

/** Pure. The last sync ran while nobody wrote. */
export function judgeRows(rows: readonly VisibleRow[], expectation: Expectation): Verdict {
  const { versions } = expectation.history
  const copies = new Map<number, Map<number, number>>()
  let lost = 0
  let duplicated = 0
  const examples: string[] = []
  const say = (text: string) => {
    if (examples.length < 5) examples.push(text)
  }
  for (const { id, version, note } of rows) {
    if (version > (versions.get(id) ?? 0) || note !== noteOf(id, version)) {
      duplicated += 1
      say(`row ${id} version ${version} was never in the source as it is`)
      continue
    }
    const ofKey = copies.get(id) ?? new Map<number, number>()
    copies.set(id, ofKey)
    ofKey.set(version, (ofKey.get(version) ?? 0) + 1)
  }
  for (const [id, newest] of versions) {
    const ofKey = copies.get(id) ?? new Map<number, number>()
    const bounds = boundsOf(id, expectation)
    const newestCopies = ofKey.get(newest) ?? 0
    const total = [...ofKey.values()].reduce((sum, n) => sum + n, 0)
    const missing = Math.max(bounds.newest[0] - newestCopies, bounds.total[0] - total, 0)
    const older = [...ofKey].filter(([version]) => version !== newest).map(([, n]) => n - bounds.older)
    const surplus = Math.max(newestCopies - bounds.newest[1], total - bounds.total[1], ...older, 0)
    lost += missing
    duplicated += surplus
    if (missing > 0 || surplus > 0) {
      const seen = [...ofKey].map(([version, n]) => `${n} of version ${version}`).join(', ') || 'nothing'
      say(`row ${id}, newest version ${newest}: ${seen}`)
    }
  }
  return { lost, duplicated, examples }
}

function boundsOf(id: number, { mode, history, initialRows, reads }: Expectation): Bounds {
  if (history.deleted.has(id)) return { newest: [0, 0], older: 0, total: [0, 0] }
  switch (mode) {
    case 'overwrite':
    case 'append_dedup incremental':
      return { newest: [1, 1], older: 0, total: [1, 1] }
    case 'append incremental':
    case 'append files':
      return { newest: [1, 1], older: 1, total: [1, Number.POSITIVE_INFINITY] }
    case 'append whole': {
      const untouched = !history.touched.has(id)
      const newest = [untouched ? reads : 1, reads] as const
      return { newest, older: reads - 1, total: [id <= initialRows ? reads : 1, reads] }
    }
  }
}
