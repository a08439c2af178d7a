/**
 * Splits SQL text into the tokens ClickHouse sees, so that statements are taken apart by token and never by
 * pattern: what stands inside a literal, a quoted name or a comment is not mistaken for SQL.
 */

/** One token; `start` and `end` are offsets into the text, `depth` the number of brackets open around it. */
export interface Token {
  readonly kind: 'word' | 'number' | 'string' | 'quoted' | 'symbol' | 'unterminated'
  readonly start: number
  readonly end: number
  readonly depth: number
  /** The token as written; words in upper case, for comparing keywords. */
  readonly upper: string
}

// ClickHouse reads a zero byte as a space.
// biome-ignore lint/suspicious/noControlCharactersInRegex: see above
const SPACE = /[\s\x00]+/y
const COMMENT = /--[^\n]*|\/\*[\s\S]*?\*\/|#[! ][^\n]*/y
const WORD = /[A-Za-z_\x80-\u{10ffff}][\w$\x80-\u{10ffff}]*/uy
const NUMBER = /\d[\w.]*/y
const HEREDOC = /\$(\w*)\$/y
const QUOTED: Readonly<Record<string, RegExp>> = {
  "'": /'(?:[^'\\]|\\[\s\S]|'')*'/y,
  '"': /"(?:[^"\\]|\\[\s\S]|"")*"/y,
  '`': /`(?:[^`\\]|\\[\s\S]|``)*`/y,
}

const matchAt = (pattern: RegExp, text: string, at: number): string | undefined => {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
}

const literalAt = (text: string, at: number): { kind: Token['kind']; length: number } | undefined => {
  const first = text[at] ?? ''
  if (first === '$') {
    const tag = matchAt(HEREDOC, text, at)
    const close = tag === undefined ? -1 : text.indexOf(tag, at + tag.length)
    return tag === undefined || close < 0 ? undefined : { kind: 'string', length: close + tag.length - at }
  }
  const pattern = QUOTED[first]
  if (pattern === undefined) return undefined
  const found = matchAt(pattern, text, at)
  if (found === undefined) return { kind: 'unterminated', length: text.length - at }
  return { kind: first === "'" ? 'string' : 'quoted', length: found.length }
}

/** Yields the significant tokens of `text` lazily; spaces and comments are left out. Never throws. */
export function* tokens(text: string): Generator<Token> {
  let at = 0
  let depth = 0
  while (at < text.length) {
    const skipped = matchAt(SPACE, text, at) ?? matchAt(COMMENT, text, at)
    if (skipped !== undefined) {
      at += skipped.length
      continue
    }
    const start = at
    const literal = literalAt(text, at)
    const word = literal ? undefined : matchAt(WORD, text, at)
    const number = literal || word ? undefined : matchAt(NUMBER, text, at)
    const kind = literal?.kind ?? (word ? 'word' : number ? 'number' : 'symbol')
    at += literal?.length ?? (word ?? number ?? ' ').length
    const raw = text.slice(start, at)
    if (raw === ')' || raw === ']' || raw === '}') depth = Math.max(0, depth - 1)
    yield { kind, start, end: at, depth, upper: kind === 'word' ? raw.toUpperCase() : raw }
    if (raw === '(' || raw === '[' || raw === '{') depth++
  }
}

/** The text as a single-quoted SQL literal. */
export const quote = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`
