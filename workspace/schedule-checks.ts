/** What a JSON Schema cannot say about a schedule: how its lengths of time relate. */
import { parseDuration, type Schedule } from '@tributary/schemas'
import type { ProblemAt } from './document.js'

const MIN_INTERVAL_MS = 10_000

/** Problems of a schedule at this place of a document. It may be of any shape. */
export function intervalProblems(schedule: Schedule | undefined, path: ProblemAt['path']): ProblemAt[] {
  if (typeof schedule !== 'object' || schedule === null || !('every' in schedule)) return []
  const every = durationOf(schedule.every)
  const offset = durationOf(schedule.offset)
  if (every === undefined) return []
  if (every < MIN_INTERVAL_MS) {
    return [{ path: [...path, 'every'], message: 'is too short', remedy: 'write 10s or more' }]
  }
  if (offset !== undefined && offset >= every) {
    return [
      {
        path: [...path, 'offset'],
        message: 'is not shorter than the interval',
        remedy: 'write less than every',
      },
    ]
  }
  return []
}

function durationOf(text: unknown): number | undefined {
  try {
    return typeof text === 'string' ? parseDuration(text) : undefined
  } catch {
    return undefined
  }
}
