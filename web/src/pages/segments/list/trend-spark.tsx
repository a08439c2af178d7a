/** A trend too small to read numbers from: whether it goes up, and how much. What it says is said in words, too. */
import { formatNumber } from '../../../ui/format.js'

const WIDTH = 96
const HEIGHT = 26
/** Room for the stroke and the last point. */
const EDGE = 3

/** Sizes over time, oldest first. */
export function TrendSpark({ sizes }: { readonly sizes: readonly number[] }) {
  const [first, last] = [sizes[0], sizes.at(-1)]
  if (first === undefined || last === undefined) return <span>–</span>
  const [low, high] = [Math.min(...sizes), Math.max(...sizes)]
  const x = (at: number) => EDGE + (sizes.length === 1 ? 1 : at / (sizes.length - 1)) * (WIDTH - 2 * EDGE)
  const y = (size: number) =>
    high === low ? HEIGHT / 2 : HEIGHT - EDGE - ((size - low) / (high - low)) * (HEIGHT - 2 * EDGE)
  const points = sizes.map((size, at) => `${x(at).toFixed(1)},${y(size).toFixed(1)}`).join(' ')
  const change = last - first
  const words =
    change === 0
      ? `${formatNumber(last)} all the time`
      : `${change > 0 ? 'up' : 'down'} by ${formatNumber(Math.abs(change))} to ${formatNumber(last)}`
  return (
    <svg width={WIDTH} height={HEIGHT} role="img" aria-label={`30 days: ${words}`}>
      <title>{words}</title>
      {sizes.length > 1 && (
        <polyline points={points} fill="none" stroke="var(--tone-progress-mark)" strokeWidth={1.6} />
      )}
      <circle cx={x(sizes.length - 1)} cy={y(last)} r={2.4} fill="var(--tone-progress-mark)" />
    </svg>
  )
}
