/** Live progress of a run on a terminal: one line a stream, redrawn in place. */
import { cursorLagSeconds, formatBytes, formatCount, formatSeconds, table } from './format.js'
import type { Output, Paint } from './output.js'
import { type RetryLine, RetryNotes, retryLines } from './retries.js'

/** What is shown of a stream. */
export interface StreamLine {
  readonly name: string
  readonly status: string
  readonly rows: number
  readonly bytes: number
  readonly rejects: number
  readonly cursor?: string | null
  /** ISO 8601: when a rate limit ends. */
  readonly resumeAt?: string
  /** What is still to come, in rows or in bytes, where the source can estimate. */
  readonly remaining?: { readonly rows?: number; readonly bytes?: number }
  readonly retry?: RetryLine
}

/** How fast a stream comes. */
interface Rate {
  readonly rows: number
  readonly bytes: number
}

export interface Picture {
  readonly source: string
  readonly startedAtMs: number
  readonly streams: readonly StreamLine[]
  /** The run as a whole is tried again. */
  readonly retry?: RetryLine
}

const MARKS: Readonly<
  Record<string, readonly [mark: string, style: 'green' | 'red' | 'yellow' | 'cyan' | 'dim']>
> = {
  waiting: ['·', 'dim'],
  running: ['▸', 'cyan'],
  sleeping: ['z', 'yellow'],
  succeeded: ['✓', 'green'],
  partial: ['!', 'yellow'],
  failed: ['✗', 'red'],
  cancelled: ['■', 'yellow'],
  skipped: ['»', 'yellow'],
}

/** `✓ succeeded`, coloured. */
export function statusWord(status: string, paint: Paint): string {
  const [mark, style] = MARKS[status] ?? ['·', 'dim']
  return paint(style, `${mark} ${status}`)
}

/** Draws the newest picture over the one before; where nothing can be redrawn it says only what is tried again. */
export class LiveProgress {
  readonly #output: Output
  readonly #rates = new Map<string, Rate & { readonly atMs: number; readonly perSecond: Rate }>()
  readonly #retries = new RetryNotes()
  #drawn = 0

  constructor(output: Output) {
    this.#output = output
  }

  show(picture: Picture, nowMs = Date.now()): void {
    if (!this.#output.isLive) {
      for (const line of this.#retries.fresh(picture)) this.#output.note(line)
      return
    }
    this.#measure(picture, nowMs)
    const rate = (stream: string) => this.#rates.get(stream)?.perSecond ?? { rows: 0, bytes: 0 }
    const lines = progressLines(picture, nowMs, rate, this.#output.paintNote)
    this.#replace(lines)
  }

  /** A line of words instead of a table. */
  say(text: string): void {
    if (this.#output.isLive) this.#replace([text])
  }

  /** Takes the picture away. */
  clear(): void {
    this.#replace([])
  }

  #replace(lines: readonly string[]): void {
    const up = this.#drawn > 0 ? `\x1b[${this.#drawn}A\r\x1b[J` : ''
    if (up === '' && lines.length === 0) return
    this.#output.draw(`${up}${lines.map((line) => `${line}\n`).join('')}`)
    this.#drawn = lines.length
  }

  /** Rows a second since the last change of the count, so that slices that end seldom still show a rate. */
  #measure({ streams, startedAtMs }: Picture, nowMs: number): void {
    for (const { name, rows, bytes } of streams) {
      const last = this.#rates.get(name) ?? { rows: 0, bytes: 0, atMs: startedAtMs, perSecond: STILL }
      if (rows === last.rows) continue
      const seconds = Math.max(0.001, (nowMs - last.atMs) / 1000)
      // Fewer than before: an attempt failed, and its rows come again.
      const perSecond =
        rows < last.rows
          ? last.perSecond
          : { rows: (rows - last.rows) / seconds, bytes: (bytes - last.bytes) / seconds }
      this.#rates.set(name, { rows, bytes, atMs: nowMs, perSecond })
    }
  }
}

const STILL: Rate = { rows: 0, bytes: 0 }
const MAX_LINES = 20

/** Seconds until the rest has come; undefined where nobody knows how much it is, or nothing comes. */
function etaSeconds({ remaining }: StreamLine, rate: Rate): number | undefined {
  if (remaining?.rows !== undefined && rate.rows > 0) return remaining.rows / rate.rows
  if (remaining?.bytes !== undefined && rate.bytes > 0) return remaining.bytes / rate.bytes
  return undefined
}

/** The table of a picture: open streams first where there are more than fit. */
export function progressLines(
  picture: Picture,
  nowMs: number,
  rate: (stream: string) => Rate,
  paint: Paint,
): readonly string[] {
  const { source, startedAtMs, streams } = picture
  const ended = streams.filter(({ status }) => !['waiting', 'running', 'sleeping'].includes(status)).length
  const elapsed = formatSeconds(Math.max(0, nowMs - startedAtMs) / 1000)
  const head = `${source}: ${ended} of ${streams.length} streams, ${elapsed}`
  const openFirst = streams.length <= MAX_LINES ? streams : [...streams].sort((a, b) => order(a) - order(b))
  const columns = [
    { title: 'stream' },
    { title: 'status' },
    ...['rows', 'rows/s', 'ETA', 'bytes', 'rejects', 'lag'].map((title) => ({
      title,
      align: 'right' as const,
    })),
    { title: 'cursor' },
  ]
  const rows = openFirst.slice(0, MAX_LINES).map((stream) => {
    const running = stream.status === 'running' ? rate(stream.name) : undefined
    const eta = running && etaSeconds(stream, running)
    const lag = cursorLagSeconds(stream.cursor, nowMs)
    const until = stream.resumeAt === undefined ? '' : ` until ${stream.resumeAt.slice(11, 19)}`
    return [
      stream.name,
      statusWord(stream.status, paint) + until,
      formatCount(stream.rows),
      running ? formatCount(running.rows) : '',
      eta === undefined ? '' : formatSeconds(eta),
      formatBytes(stream.bytes),
      stream.rejects > 0 ? paint('yellow', formatCount(stream.rejects)) : '',
      lag === undefined ? '' : formatSeconds(lag),
      stream.cursor ?? '',
    ]
  })
  const more = streams.length - rows.length
  return [
    head,
    ...table(columns, rows).split('\n'),
    ...(more > 0 ? [`… and ${more} more`] : []),
    ...retryLines(picture).map((line) => paint('yellow', line)),
  ]
}

function order({ status }: StreamLine): number {
  return ['running', 'sleeping', 'failed', 'waiting'].indexOf(status) + 1 || 9
}
