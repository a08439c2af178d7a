/** Which events of a condition count: the keys of its window, alone. */
import type { PerformedWho } from '@tributary/schemas'
import type { WindowSpec } from '../time/window.js'

/** The keys that say which events count, all others left out. */
export function windowOf({ within, between, since, until, calendar }: PerformedWho): WindowSpec {
  return {
    ...(within !== undefined && { within }),
    ...(between !== undefined && { between }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
    ...(calendar !== undefined && { calendar }),
  }
}
