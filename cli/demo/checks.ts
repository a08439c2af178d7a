/** What a demo asserts: named checks with what was found, so that a failed one says more than that it failed. */
import type { Expected, ExpectedStream } from '../../examples/grocer/expected.js'
import { formatCount } from '../format.js'
import { measure } from './rows.js'
import type { Stage } from './stage.js'

export interface Check {
  readonly name: string
  readonly ok: boolean
  /** What was found; where it is wrong, also what should have been. */
  readonly detail: string
}

/** One check a stream: its view holds the expected rows, and the expected sums to the cent. */
export async function checkStreams(
  stage: Pick<Stage, 'context'>,
  when: string,
  expected: Expected,
): Promise<readonly Check[]> {
  const checks: Check[] = []
  for (const [stream, wanted] of Object.entries(expected)) {
    checks.push(checkStream(`${when}: ${stream}`, await measure(stage, stream, wanted), wanted))
  }
  return checks
}

export function checkStream(name: string, found: ExpectedStream, wanted: ExpectedStream): Check {
  const ok = sameFigures(found, wanted)
  return { name, ok, detail: ok ? words(found) : `${words(found)} instead of ${words(wanted)}` }
}

export function sameFigures(found: ExpectedStream, wanted: ExpectedStream): boolean {
  const sums = Object.entries(wanted.sums ?? {})
  return found.rows === wanted.rows && sums.every(([column, sum]) => found.sums?.[column] === sum)
}

function words({ rows, sums = {} }: ExpectedStream): string {
  return [
    `${formatCount(rows)} rows`,
    ...Object.entries(sums).map(([column, sum]) => `${column} ${sum}`),
  ].join(', ')
}
