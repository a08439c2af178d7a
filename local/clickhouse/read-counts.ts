/**
 * What each query read, from the engine's log: it reports rows and bytes read nowhere else once a query is done.
 * The log is emptied as it is read; it costs some 50 µs a query.
 */
import { ftruncateSync, openSync, readSync } from 'node:fs'

/** Rows a query read, and their bytes as the log rounds them (three digits). */
export interface ReadCounts {
  readonly rows: number
  readonly bytes: number
}

// The comment a request gives its query begins with its id and a unit separator.
// biome-ignore lint/suspicious/noControlCharactersInRegex: the separator
const STARTED = /^.*\{([0-9a-f-]{36})\} <Debug> executeQuery: \(from [^)]*\) \(comment: ([^\x1f]*)\x1f/
const READ = /^.*\{([0-9a-f-]{36})\} <Debug> executeQuery: Read (\d+) rows, ([\d.]+) ([KMGTP]?i?B) in /
const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']
const EMPTY_ABOVE_BYTES = 8 << 20

/** Follows the engine's log. */
export class ReadCounter {
  readonly #fd: number
  readonly #buffer = Buffer.alloc(1 << 16)
  readonly #started = new Map<string, string>()
  readonly #counts = new Map<string, ReadCounts>()
  #offset = 0
  #rest = ''

  /** Opens the log of an engine that runs already, and drops what an earlier one wrote. */
  constructor(path: string) {
    this.#fd = openSync(path, 'r+')
    ftruncateSync(this.#fd)
  }

  /**
   * What the finished query of `queryId` read, once; undefined when it read nothing, or the log does not say.
   * Call it for failed queries too: it forgets them.
   */
  take(queryId: string): ReadCounts | undefined {
    try {
      this.#readOn()
    } catch {
      return undefined
    }
    const counts = this.#counts.get(queryId)
    this.#counts.delete(queryId)
    for (const [id, name] of this.#started) if (name === queryId) this.#started.delete(id)
    return counts
  }

  #readOn(): void {
    for (;;) {
      const length = readSync(this.#fd, this.#buffer, 0, this.#buffer.length, this.#offset)
      if (length === 0) break
      this.#offset += length
      const lines = (this.#rest + this.#buffer.toString('latin1', 0, length)).split('\n')
      this.#rest = (lines.pop() ?? '').slice(0, this.#buffer.length)
      for (const line of lines) this.#line(line)
    }
    if (this.#offset < EMPTY_ABOVE_BYTES) return
    ftruncateSync(this.#fd)
    this.#offset = 0
  }

  #line(line: string): void {
    if (!line.includes('executeQuery: ')) return
    const started = STARTED.exec(line)
    if (started !== null) {
      this.#started.set(started[1]!, Buffer.from(started[2]!, 'latin1').toString('utf8'))
      return
    }
    const read = READ.exec(line)
    const queryId = read === null ? undefined : this.#started.get(read[1]!)
    if (read === null || queryId === undefined) return
    const bytes = Math.round(Number(read[3]) * 1024 ** Math.max(0, UNITS.indexOf(read[4]!)))
    this.#counts.set(queryId, { rows: Number(read[2]), bytes })
  }
}
