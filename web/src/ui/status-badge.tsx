/** How something is doing, in a word and a colour: the word alone is enough. */

import { statusOf, type Tone } from './status.js'
import classes from './status-badge.module.css'

interface StatusBadgeProps {
  /** The API's word: `succeeded`, `awaiting_approval`. Its own words and tone are looked up. */
  readonly status: string
  /** Other words than the usual. */
  readonly label?: string
  /** Another tone than the usual. */
  readonly tone?: Tone
}

/** A status with a mark. */
export function StatusBadge({ status, label, tone }: StatusBadgeProps) {
  const known = statusOf(status)
  return (
    <span className={classes.badge} data-tone={tone ?? known.tone}>
      <span className={classes.mark} aria-hidden />
      {label ?? known.label}
    </span>
  )
}
