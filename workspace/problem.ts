/** What is wrong with a workspace, in a form for people, editors and scripts alike. */

export interface Problem {
  /** Path of the file in the workspace, with `/`. */
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1. */
  readonly column: number
  /** Place in the document, e.g. `streams[0].sync_mode`; empty for the file as a whole. */
  readonly path: string
  readonly message: string
  readonly remedy: string
  /** Only errors keep a workspace from being applied. */
  readonly severity: 'error' | 'warning'
}

/** `sources/shop.yaml:12:5 streams[0].sync_mode: unknown value; write one of: full_refresh, incremental`. */
export function renderProblem(problem: Problem): string {
  const place = [`${problem.file}:${problem.line}:${problem.column}`, problem.path].filter(Boolean).join(' ')
  const kind = problem.severity === 'warning' ? 'warning: ' : ''
  return `${place}: ${kind}${problem.message}; ${problem.remedy}`
}

/** `['streams', 0, 'sync_mode']` as `streams[0].sync_mode`. */
export function renderPath(path: readonly (string | number)[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '')
}

/** True when nothing keeps the workspace from being applied. */
export function isApplicable(problems: readonly Problem[]): boolean {
  return problems.every((problem) => problem.severity !== 'error')
}
