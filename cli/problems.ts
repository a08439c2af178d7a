/** Problems of a workspace as people read them. */
import type { Problem } from '../operations/validate.js'
import type { Paint } from './output.js'

/** `sources/shop.yaml:12:5 streams[0].sync_mode: unknown value; write one of: …`, coloured. */
export function problemLine(problem: Problem, paint: Paint): string {
  const place = [`${problem.file}:${problem.line}:${problem.column}`, problem.path].filter(Boolean).join(' ')
  const kind = problem.severity === 'error' ? paint('red', 'error') : paint('yellow', 'warning')
  return `${place}: ${kind}: ${problem.message}; ${problem.remedy}`
}
