/** Says what a demo does while it does it: live tables of all sources on a terminal, plain lines elsewhere. On stderr. */
import { formatBytes, formatCount, formatSeconds } from '../format.js'
import type { Output } from '../output.js'
import { LiveProgress, type Picture, type StreamLine, statusWord } from '../progress.js'
import type { Report } from '../report.js'

/** Without a terminal, a line a source at most this often. */
const LINE_EVERY_MS = 2000
const OPEN = ['waiting', 'running', 'sleeping']

type Finished = Pick<Report, 'source' | 'outcome' | 'rows' | 'bytes' | 'seconds'>

export class DemoProgress {
  readonly #output: Output
  readonly #live: LiveProgress
  readonly #startedAtMs: number
  readonly #pictures = new Map<string, Picture>()
  readonly #lines = new Map<string, { readonly text: string; readonly atMs: number }>()

  constructor(output: Output, nowMs = Date.now()) {
    this.#output = output
    this.#live = new LiveProgress(output)
    this.#startedAtMs = nowMs
  }

  /** A step begins; pictures of the one before are done with. */
  step(text: string, nowMs = Date.now()): void {
    this.clear()
    const at = formatSeconds((nowMs - this.#startedAtMs) / 1000).padStart(7)
    this.#output.note(`${this.#output.paintNote('dim', at)}  ${this.#output.paintNote('bold', text)}`)
  }

  /** Something that happened within a step. */
  note(text: string): void {
    this.#live.clear()
    this.#output.note(`${' '.repeat(9)}${text}`)
    this.#redraw()
  }

  /** The same, for those who want to know everything. */
  detail(text: string): void {
    this.note(this.#output.paintNote('dim', text))
  }

  /** Where a source's run stands now. */
  show(picture: Picture, nowMs = Date.now()): void {
    if (picture.streams.length === 0) return
    const shown = neverLess(picture, this.#pictures.get(picture.source))
    this.#pictures.set(picture.source, shown)
    if (this.#output.isLive) this.#redraw(nowMs)
    else this.#line(shown, nowMs)
  }

  /** A source's run has ended. */
  finished({ source, outcome, rows, bytes, seconds }: Finished): void {
    this.#pictures.delete(source)
    const rate = seconds > 0 ? ` (${formatCount(rows / seconds)} rows/s)` : ''
    this.note(
      `${statusWord(outcome, this.#output.paintNote)}  ${source}: ${formatCount(rows)} rows, ${formatBytes(bytes)} in ${formatSeconds(seconds)}${rate}`,
    )
  }

  /** Takes the tables away. */
  clear(): void {
    this.#live.clear()
    this.#pictures.clear()
    this.#lines.clear()
  }

  #redraw(nowMs = Date.now()): void {
    const pictures = [...this.#pictures.values()]
    if (pictures.length > 0) this.#live.show(together(pictures), nowMs)
  }

  #line(picture: Picture, nowMs: number): void {
    const last = this.#lines.get(picture.source)
    const text = pictureWords(picture)
    if (last && (last.text === text || nowMs - last.atMs < LINE_EVERY_MS)) return
    this.#lines.set(picture.source, { text, atMs: nowMs })
    const seconds = formatSeconds(Math.max(0, nowMs - picture.startedAtMs) / 1000)
    this.note(`${text}, ${seconds}`)
  }
}

/** Rows of a slice that is read again are not counted down first. */
function neverLess(picture: Picture, last: Picture | undefined): Picture {
  const rows = new Map(last?.streams.map((stream) => [stream.name, stream.rows]))
  return {
    ...picture,
    streams: picture.streams.map((stream) => ({
      ...stream,
      rows: Math.max(stream.rows, rows.get(stream.name) ?? 0),
    })),
  }
}

/** One picture of several sources, streams under their whole names. */
export function together(pictures: readonly Picture[]): Picture {
  const [only] = pictures
  if (only && pictures.length === 1) return only
  return {
    source: pictures.map(({ source }) => source).join(', '),
    startedAtMs: Math.min(...pictures.map(({ startedAtMs }) => startedAtMs)),
    streams: pictures.flatMap(({ source, streams }) =>
      streams.map((stream) => ({ ...stream, name: `${source}.${stream.name}` })),
    ),
  }
}

/** `till: 2 of 4 streams done, 47,113 rows, 1.2 MB; reading products`. */
export function pictureWords({ source, streams }: Picture): string {
  const open = streams.filter(({ status }) => OPEN.includes(status))
  const total = (key: 'rows' | 'bytes') => streams.reduce((sum, stream) => sum + stream[key], 0)
  const reading = open.filter(({ status }) => status !== 'waiting').map(streamWords)
  const words = `${source}: ${streams.length - open.length} of ${streams.length} streams done, ${formatCount(total('rows'))} rows, ${formatBytes(total('bytes'))}`
  return reading.length > 0 ? `${words}; reading ${reading.join(', ')}` : words
}

function streamWords({ name, cursor }: StreamLine): string {
  return cursor ? `${name} at ${cursor}` : name
}
