/**
 * Turns JSON documents into NDJSON while they stream past: the elements of the array at a path, or documents that are
 * records themselves, one after another. It finds where values begin and end; whoever reads the lines checks them.
 */
import { damagedFile } from '../reading/bad-files.js'

const QUOTE = 34
const BACKSLASH = 92
const OPEN_OBJECT = 123
const CLOSE_OBJECT = 125
const OPEN_ARRAY = 91
const CLOSE_ARRAY = 93
const COMMA = 44
const LF = 10
const CR = 13

interface Frame {
  readonly array: boolean
  /** How many keys of the path lead to the values in here; -1 when this is a side branch. */
  readonly matched: number
  /** True for the array whose elements are the records. */
  readonly records: boolean
}

/** @param path keys that lead to the records; arrays on the way are looked through. Throws ConnectorError. */
export async function* documentLines(
  source: AsyncIterable<Buffer>,
  path: readonly string[],
  name: string,
): AsyncGenerator<Buffer> {
  const scanner = new DocumentScanner(path)
  for await (const piece of source) {
    const lines = scanner.feed(piece)
    if (lines.length > 0) yield lines
  }
  const rest = scanner.end()
  if (rest === undefined)
    throw damagedFile(
      `reading ${name}`,
      'the JSON document ends too early; the file is damaged or not complete yet, upload it again',
    )
  if (rest.length > 0) yield rest
  if (!scanner.found && path.length > 0 && scanner.documents > 0)
    throw damagedFile(`reading ${name}`, `nothing stands at ${path.join('.')}; correct json.path`)
}

class DocumentScanner {
  readonly #path: readonly string[]
  readonly #stack: Frame[] = []
  #captureDepth = 0
  #capturing: 'no' | 'nested' | 'scalar' = 'no'
  #inString = false
  #escaped = false
  #key: number[] | undefined
  #matchedKey = false
  #expectsKey = false
  found = false
  documents = 0

  constructor(path: readonly string[]) {
    this.#path = path
  }

  feed(piece: Buffer): Buffer {
    const output = Buffer.allocUnsafe(2 * piece.length + 2)
    let length = 0
    for (let i = 0; i < piece.length; i++) {
      const byte = piece[i]!
      if (this.#capturing !== 'no') {
        if (this.#capturing === 'scalar' && !this.#inString && endsScalar(byte)) {
          this.#capturing = 'no'
          output[length++] = LF
        } else {
          if (byte !== LF && byte !== CR) output[length++] = byte
          if (this.#inString) this.#string(byte)
          else if (byte === QUOTE) this.#inString = true
          else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) this.#captureDepth++
          else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
            if (--this.#captureDepth === 0) {
              this.#capturing = 'no'
              output[length++] = LF
            }
          }
          continue
        }
      }
      if (this.#structure(byte)) output[length++] = byte
    }
    return output.subarray(0, length)
  }

  /** The line end of a last scalar; undefined when a document is not complete. */
  end(): Buffer | undefined {
    if (this.#stack.length > 0 || this.#inString || this.#capturing === 'nested') return undefined
    return this.#capturing === 'scalar' ? Buffer.from('\n') : Buffer.alloc(0)
  }

  #string(byte: number): void {
    if (this.#escaped) this.#escaped = false
    else if (byte === BACKSLASH) this.#escaped = true
    else if (byte === QUOTE) this.#inString = false
  }

  /** A byte outside of records; true when it begins one. */
  #structure(byte: number): boolean {
    if (this.#inString) {
      this.#string(byte)
      if (!this.#inString) this.#endKey()
      else this.#key?.push(byte)
      return false
    }
    const top = this.#stack.at(-1)
    switch (byte) {
      case 32:
      case 9:
      case LF:
      case CR:
      case 58:
        return false
      case COMMA:
        this.#expectsKey = top !== undefined && !top.array
        this.#matchedKey = false
        return false
      case CLOSE_OBJECT:
      case CLOSE_ARRAY:
        this.#stack.pop()
        this.#expectsKey = false
        this.#matchedKey = false
        return false
      case QUOTE:
        if (this.#expectsKey) {
          this.#inString = true
          this.#key = []
          return false
        }
        return this.#value(byte, top)
      default:
        return this.#value(byte, top)
    }
  }

  #endKey(): void {
    if (this.#key === undefined) return
    const top = this.#stack.at(-1)
    const wanted = top !== undefined && top.matched >= 0 ? this.#path[top.matched] : undefined
    this.#matchedKey = wanted !== undefined && keyText(this.#key) === wanted
    this.#key = undefined
    this.#expectsKey = false
  }

  #value(byte: number, top: Frame | undefined): boolean {
    if (top === undefined) this.documents++
    const matched = this.#matchedHere(top)
    const isTarget = matched === this.#path.length
    const nested = byte === OPEN_OBJECT || byte === OPEN_ARRAY
    if (top?.records === true || (isTarget && byte !== OPEN_ARRAY)) {
      this.found ||= isTarget
      this.#capturing = nested ? 'nested' : 'scalar'
      this.#captureDepth = nested ? 1 : 0
      this.#inString = byte === QUOTE
      return true
    }
    if (nested) {
      this.found ||= isTarget
      this.#stack.push({ array: byte === OPEN_ARRAY, matched, records: isTarget })
      this.#expectsKey = byte === OPEN_OBJECT
      this.#matchedKey = false
    } else if (byte === QUOTE) this.#inString = true
    return false
  }

  #matchedHere(top: Frame | undefined): number {
    if (top === undefined) return 0
    if (top.matched < 0 || top.array) return top.matched
    return this.#matchedKey ? top.matched + 1 : -1
  }
}

function endsScalar(byte: number): boolean {
  return (
    byte === COMMA ||
    byte === CLOSE_ARRAY ||
    byte === CLOSE_OBJECT ||
    byte === LF ||
    byte === CR ||
    byte === 32
  )
}

function keyText(bytes: readonly number[]): string {
  const text = Buffer.from(bytes).toString('utf8')
  if (!text.includes('\\')) return text
  try {
    return JSON.parse(`"${text}"`)
  } catch {
    return text
  }
}
