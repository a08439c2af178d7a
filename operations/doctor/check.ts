/** One thing that was looked at. */
export interface Check {
  readonly name: string
  readonly ok: boolean
  /** What was found. */
  readonly detail: string
  /** What to do; only where it is not ok. */
  readonly remedy?: string
}

export function passed(name: string, detail: string): Check {
  return { name, ok: true, detail }
}

export function failed(name: string, detail: string, remedy: string): Check {
  return { name, ok: false, detail, remedy }
}

/** A check that failed by an error: errors say what, where, and what to do after a semicolon. */
export function failedBy(name: string, error: unknown, remedy: string): Check {
  const message = error instanceof Error ? error.message : String(error)
  const [detail, ...rest] = (message.split('\n')[0] ?? '').split('; ')
  return failed(name, detail || 'unknown error', rest.join('; ') || remedy)
}
