/** How much time the chart of a segment's size shows. */

const HALF_A_DAY = 43_200

/**
 * From when to when, in seconds.
 * A single point stands in the middle of its day: the plot would spread it over years.
 * @param proposed what the plot would show
 */
export function trendSpan(times: ArrayLike<number>, proposed: readonly [number, number]): [number, number] {
  const [first, last] = times.length === 1 ? [times[0]! - HALF_A_DAY, times[0]! + HALF_A_DAY] : proposed
  return [first, last]
}
