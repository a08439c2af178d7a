/** Where records end in a stream of bytes: what makes it safe to cut a file into blocks. */

/** Finds record ends; keeps what it has to remember from piece to piece. */
export interface RecordCutter {
  /** Index just behind the last record end in this piece, or -1 when none ends in it. */
  feed(piece: Buffer): number
  /** Forgets an open quote, so that a stray one cannot swallow the rest of a file. */
  reset(): void
}

const LF = 10
const CR = 13
const SPACE = 32
const TAB = 9

/** Records end at line ends: NDJSON, and CSV without quotes. */
export function lineCutter(): RecordCutter {
  return { feed: (piece) => piece.lastIndexOf(LF) + 1 || -1, reset: () => undefined }
}

/**
 * Records end at line ends outside of quotes. A quote opens only where a value begins, as in ClickHouse: `5" pipe` has
 * a quote inside and opens nothing.
 */
export function csvCutter(delimiter: string, quote: string): RecordCutter {
  if (quote === '') return lineCutter()
  const delimiterCode = delimiter.charCodeAt(0)
  const quoteCode = quote.charCodeAt(0)
  let state: 'outside' | 'inside' | 'closing' = 'outside'
  let atStart = true

  const beginsValue = (piece: Buffer, from: number, at: number): boolean => {
    let i = at - 1
    while (i >= from && (piece[i] === SPACE || (piece[i] === TAB && delimiterCode !== TAB))) i--
    if (i < from) return atStart
    const byte = piece[i]
    return byte === delimiterCode || byte === LF || byte === CR
  }

  return {
    reset() {
      state = 'outside'
      atStart = true
    },
    feed(piece) {
      let end = -1
      let at = 0
      while (at < piece.length) {
        if (state === 'closing') {
          // A doubled quote is a quote in the value.
          if (piece[at] === quoteCode) {
            state = 'inside'
            at++
            continue
          }
          state = 'outside'
          atStart = false
        }
        const next = piece.indexOf(quoteCode, at)
        if (state === 'inside') {
          if (next < 0) return end
          state = 'closing'
          at = next + 1
          continue
        }
        const limit = next < 0 ? piece.length : next
        const line = lastLineEnd(piece, at, limit)
        if (line > 0) end = line
        atStart = beginsValue(piece, at, limit)
        if (next < 0) return end
        if (atStart) state = 'inside'
        atStart = false
        at = next + 1
      }
      return end
    },
  }
}

function lastLineEnd(piece: Buffer, from: number, to: number): number {
  for (let i = to - 1; i >= from; i--) if (piece[i] === LF) return i + 1
  return -1
}
