/**
 * Where a command's words go: results to stdout, as JSON or for people; everything else to stderr. Colours only where a
 * terminal shows them.
 */
import { styleText } from 'node:util'
import { printable } from './format.js'

type Style = Parameters<typeof styleText>[0]
/** Styles text where the stream shows styles. */
export type Paint = (style: Style, text: string) => string

export interface OutputStream {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

export class Output {
  readonly #stdout: OutputStream
  readonly #stderr: OutputStream
  /** For results. */
  readonly paint: Paint
  /** For notes and progress. */
  readonly paintNote: Paint

  constructor(
    readonly json: boolean,
    stdout: OutputStream = process.stdout,
    stderr: OutputStream = process.stderr,
    env: NodeJS.ProcessEnv = process.env,
  ) {
    this.#stdout = stdout
    this.#stderr = stderr
    this.paint = painter(stdout, env)
    this.paintNote = painter(stderr, env)
  }

  /** Results are shown on a terminal. */
  get isTerminal(): boolean {
    return this.#stdout.isTTY === true
  }

  /** Progress can be redrawn in place. */
  get isLive(): boolean {
    return this.#stderr.isTTY === true
  }

  get liveColumns(): number {
    return this.#stderr.columns ?? 80
  }

  /** A result: one JSON document, or its words. Of a stream of results each is one line. */
  result(value: unknown, words: () => string): void {
    const text = this.json ? JSON.stringify(value) : printable(words())
    if (text !== '') this.#stdout.write(`${text}\n`)
  }

  /** Something to know that is no result. */
  note(text: string): void {
    this.#stderr.write(`${printable(text)}\n`)
  }

  /** Terminal control sequences of live progress. */
  draw(sequence: string): void {
    this.#stderr.write(sequence)
  }
}

function painter(stream: OutputStream, env: NodeJS.ProcessEnv): Paint {
  const colours = stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb'
  return (style, text) => (colours ? styleText(style, text, { validateStream: false }) : text)
}
