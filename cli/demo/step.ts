/** A part of the demo: what it loaded and what it found. */
import type { Report } from '../report.js'
import type { Check } from './checks.js'
import type { SourceLoad } from './loads.js'

export interface StepResult {
  readonly loads: readonly SourceLoad[]
  readonly checks: readonly Check[]
}

/** Every run succeeded; the detail says what went wrong where one did not. */
export function allSucceeded(
  when: string,
  reports: readonly Pick<Report, 'source' | 'outcome' | 'error' | 'streams'>[],
): Check {
  const errors = reports.flatMap(({ source, error, streams }) => [
    ...(error ? [`${source}: ${error.message}`] : []),
    ...streams.flatMap((stream) =>
      stream.error ? [`${source}.${stream.name}: ${stream.error.message}`] : [],
    ),
  ])
  return {
    name: `${when}: every run succeeded`,
    ok: reports.every(({ outcome }) => outcome === 'succeeded'),
    detail: [...reports.map(({ source, outcome }) => `${source} ${outcome}`), ...errors].join('; '),
  }
}
