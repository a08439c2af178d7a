/**
 * Reads CSV text record by record with exact line numbers. It reads what ClickHouse reads, and where a record is
 * broken it says why and goes on at the next line, so that one stray quote costs one line.
 */

export interface CsvReaderOptions {
  readonly delimiter: string
  /** Empty: none. */
  readonly quote: string
  readonly nullValues: ReadonlySet<string>
}

/** A cursor over one text of whole records. An unquoted empty value is null, a quoted one is an empty text. */
export class CsvReader {
  readonly #text: string
  readonly #delimiter: string
  readonly #quote: string
  readonly #nulls: ReadonlySet<string>
  #at = 0
  #nextLine: number
  #nextQuote: number
  #recordStart = 0
  #recordEnd = 0

  /** Line of the record that `next` returned last. */
  line: number
  /** Set when `next` returned false for a broken record. */
  reason: string | undefined
  /** Values of the last record; a new array each time. */
  values: (string | null)[] = []

  constructor(text: string, firstLine: number, options: CsvReaderOptions) {
    this.#text = text
    this.#delimiter = options.delimiter
    this.#quote = options.quote
    this.#nulls = options.nullValues
    this.#nextLine = firstLine
    this.line = firstLine
    this.#nextQuote = this.#findQuote(0)
  }

  /** The last record as it stands in the text, without its line end. */
  get raw(): string {
    return this.#text.slice(this.#recordStart, this.#recordEnd)
  }

  /** Where the next record begins in the text. */
  get offset(): number {
    return Math.min(this.#at, this.#text.length)
  }

  /** Goes to the next record that is not blank. `end`: there is none; `broken`: `reason` says why, `raw` what. */
  next(): 'record' | 'broken' | 'end' {
    const text = this.#text
    while (this.#at < text.length) {
      const start = this.#at
      const newline = text.indexOf('\n', start)
      const lineEnd = newline < 0 ? text.length : newline
      const end = lineEnd > start && text.charCodeAt(lineEnd - 1) === 13 ? lineEnd - 1 : lineEnd
      this.line = this.#nextLine
      this.#recordStart = start
      this.#recordEnd = end
      if (this.#nextQuote >= 0 && this.#nextQuote < start) this.#nextQuote = this.#findQuote(start)
      if (this.#nextQuote < 0 || this.#nextQuote >= lineEnd) {
        this.#at = lineEnd + 1
        this.#nextLine++
        if (end === start) continue
        this.values = this.#split(start, end)
        return 'record'
      }
      return this.#quoted(start, lineEnd, end)
    }
    return 'end'
  }

  #findQuote(from: number): number {
    return this.#quote === '' ? -1 : this.#text.indexOf(this.#quote, from)
  }

  /** By hand: `String.split` on slices costs twice as much. */
  #split(start: number, end: number): (string | null)[] {
    const text = this.#text
    const delimiter = this.#delimiter
    const values: (string | null)[] = []
    let at = start
    for (
      let next = text.indexOf(delimiter, at);
      next >= 0 && next < end;
      next = text.indexOf(delimiter, at)
    ) {
      values.push(this.#plain(text.slice(at, next)))
      at = next + 1
    }
    values.push(this.#plain(text.slice(at, end)))
    return values
  }

  #plain(value: string): string | null {
    if (value === '') return null
    const first = value.charCodeAt(0)
    const last = value.charCodeAt(value.length - 1)
    const text = isBlank(first) || isBlank(last) ? trimBlanks(value) : value
    return text === '' || (this.#nulls.size > 0 && this.#nulls.has(text)) ? null : text
  }

  /** A record with a quote in its first line: value by value, and over line ends inside quotes. */
  #quoted(start: number, firstLineEnd: number, firstEnd: number): 'record' | 'broken' {
    const text = this.#text
    const values: (string | null)[] = []
    let at = start
    let lines = 1
    const fail = (reason: string): 'broken' => {
      this.reason = reason
      this.#recordEnd = firstEnd
      this.#at = firstLineEnd + 1
      this.#nextLine++
      return 'broken'
    }
    for (;;) {
      let valueStart = at
      while (isBlank(text.charCodeAt(valueStart)) && text[valueStart] !== this.#delimiter) valueStart++
      if (text[valueStart] === this.#quote) {
        const close = this.#closingQuote(valueStart + 1)
        if (close < 0) return fail('a quote is opened and never closed')
        const inner = text.slice(valueStart + 1, close)
        values.push(
          inner.includes(this.#quote) ? inner.replaceAll(this.#quote + this.#quote, this.#quote) : inner,
        )
        for (let i = inner.indexOf('\n'); i >= 0; i = inner.indexOf('\n', i + 1)) lines++
        at = close + 1
        while (isBlank(text.charCodeAt(at)) && text[at] !== this.#delimiter) at++
      } else {
        let end = at
        while (end < text.length && text[end] !== this.#delimiter && text.charCodeAt(end) !== 10) end++
        const bare = text.charCodeAt(end) === 10 || end === text.length ? withoutCr(text, at, end) : end
        values.push(this.#plain(text.slice(at, bare)))
        at = end
      }
      if (at < text.length && text[at] === this.#delimiter) {
        at++
        continue
      }
      const recordEnd = at
      if (text.charCodeAt(at) === 13) at++
      if (at < text.length && text.charCodeAt(at) !== 10) return fail('text follows a closing quote')
      this.#at = at + 1
      this.#nextLine += lines
      this.#recordEnd = recordEnd > start && text.charCodeAt(recordEnd - 1) === 13 ? recordEnd - 1 : recordEnd
      this.values = values
      return 'record'
    }
  }

  #closingQuote(from: number): number {
    const text = this.#text
    for (let at = text.indexOf(this.#quote, from); at >= 0; at = text.indexOf(this.#quote, at + 2)) {
      if (text[at + 1] !== this.#quote) return at
    }
    return -1
  }
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9
}

function withoutCr(text: string, start: number, end: number): number {
  return end > start && text.charCodeAt(end - 1) === 13 ? end - 1 : end
}

function trimBlanks(value: string): string {
  let start = 0
  let end = value.length
  while (start < end && isBlank(value.charCodeAt(start))) start++
  while (end > start && isBlank(value.charCodeAt(end - 1))) end--
  return value.slice(start, end)
}
