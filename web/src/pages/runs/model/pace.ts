/** How fast something goes, from looks at it: the newest few seconds count, so that a pause shows. */

/** How much was done at a moment. */
export interface Look {
  readonly atMs: number
  readonly done: number
}

const WINDOW_MS = 10_000
/** Less than this apart, two looks say nothing of a pace. */
const LEAST_MS = 900

/** The looks with one more, those that are too old left out. What shrinks began anew. */
export function withLook(looks: readonly Look[], look: Look): readonly Look[] {
  const before = looks.at(-1)
  if (before !== undefined && look.done < before.done) return [look]
  const recent = looks.filter(({ atMs }) => look.atMs - atMs <= WINDOW_MS)
  return [...recent, look]
}

/** Things a second; undefined while that cannot be told. */
export function paceOf(looks: readonly Look[]): number | undefined {
  const [first, last] = [looks[0], looks.at(-1)]
  if (first === undefined || last === undefined || last.atMs - first.atMs < LEAST_MS) return undefined
  return ((last.done - first.done) * 1000) / (last.atMs - first.atMs)
}

/** The share that is done, from 0 to 1; undefined where nobody knows what is still to come. */
export function shareDone(done: number, remaining: number | undefined): number | undefined {
  if (remaining === undefined || done + remaining === 0) return undefined
  return done / (done + remaining)
}

/** Seconds that the rest takes at this pace; undefined where it stands still or nobody knows. */
export function secondsLeft(remaining: number | undefined, pace: number | undefined): number | undefined {
  if (remaining === undefined || pace === undefined || pace <= 0) return undefined
  return remaining / pace
}
