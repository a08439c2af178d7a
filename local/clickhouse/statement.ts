/**
 * Takes one SQL statement apart by token: where its inline data starts, where its output may be directed, and
 * which calls need another form inside the embedded engine. Texts are one character a byte (latin1), so that
 * offsets are offsets into the request's bytes.
 */
import { killByClientId, processesOfClients } from './client-query-id.js'
import { ClickHouseException } from './errors.js'
import { quote, type Token, tokens } from './lexer.js'

/** A file that holds the data of an INSERT; `compression` is an engine name such as gzip, zstd or none. */
export interface DataFile {
  readonly path: string
  readonly compression: string
}

/** An INSERT that takes its rows from data beside the statement, from byte `dataOffset` on. */
export interface LoadStatement {
  readonly kind: 'load'
  readonly dataOffset: number
  readonly format: string
  render(file: DataFile): string
}

/** A statement that returns rows of any number; `render` directs them into a file. */
export interface SelectStatement {
  readonly kind: 'select'
  readonly format: string | undefined
  readonly keyword: string
  render(file: string, defaultFormat: string): string
}

/** Any other statement, run as written; `keyword` is its first word. */
export interface OtherStatement {
  readonly kind: 'other'
  readonly format: string | undefined
  readonly keyword: string
  readonly sql: string
}

export type Statement = LoadStatement | SelectStatement | OtherStatement

const syntaxError = (message: string) => new ClickHouseException(62, 'SYNTAX_ERROR', message)

const decode = (latin1: string): string => Buffer.from(latin1, 'latin1').toString('utf8')
const encode = (utf8: string): string => Buffer.from(utf8, 'utf8').toString('latin1')

const NOT_A_FORMAT = new Set([
  'FROM',
  'AS',
  'WHERE',
  'UNION',
  'ORDER',
  'GROUP',
  'LIMIT',
  'IN',
  'LIKE',
  'IS',
  'AND',
  'OR',
])

/** True when `token` opens a FORMAT clause, given its neighbours: `format` is also a function and a good name. */
const opensFormat = (before: Token | undefined, token: Token, name: Token | undefined): boolean =>
  token.upper === 'FORMAT' &&
  token.depth === 0 &&
  name?.kind === 'word' &&
  !NOT_A_FORMAT.has(name.upper) &&
  before !== undefined &&
  (before.kind !== 'symbol' || ')]}*;'.includes(before.upper)) &&
  !['AS', 'SELECT', 'DISTINCT', 'BY', 'WHERE', 'AND', 'OR', 'NOT'].includes(before.upper)

/** Where ClickHouse lets inline data start after `FORMAT name`: after blanks and at most one line end. */
const dataStart = (text: string, after: number): number => {
  let at = after
  while (text[at] === ' ' || text[at] === '\t' || text[at] === '\f') at++
  if (text[at] === '\r') at++
  if (text[at] === '\n') at++
  return at
}

/** Replaces each `input(structure)` of an INSERT … SELECT by `file(path, format, structure, compression)`. */
const replaceInput = (text: string, list: readonly Token[], end: number, format: string, file: DataFile) => {
  let sql = ''
  let copied = 0
  list.forEach((token, index) => {
    if (!isInputCall(list, index)) return
    const close = list.findIndex((t, i) => i > index + 1 && t.upper === ')' && t.depth === token.depth)
    const open = list[index + 1]
    if (close < 0 || open === undefined) throw syntaxError('input() is not closed')
    const structure = text.slice(open.end, list[close]!.start).trim()
    const parts = [quote(encode(file.path)), quote(format), structure || "'auto'", quote(file.compression)]
    sql += `${text.slice(copied, token.start)}file(${parts.join(', ')})`
    copied = list[close]!.end
  })
  return sql + text.slice(copied, end)
}

const isInputCall = (list: readonly Token[], index: number): boolean =>
  list[index]!.upper === 'INPUT' &&
  list[index]!.kind === 'word' &&
  list[index + 1]?.upper === '(' &&
  list[index - 1]?.upper !== '.'

/** Reads an INSERT up to its data; `list` holds the tokens read so far and `rest` gives the following ones. */
const parseInsert = (
  text: string,
  rest: Iterator<Token>,
  list: Token[],
): LoadStatement | OtherStatement | undefined => {
  const next = (): Token | undefined => {
    const step = rest.next()
    if (step.done) return undefined
    list.push(step.value)
    return step.value
  }
  let token = next()
  if (token?.upper === 'INTO') token = next()
  if (token?.upper === 'TABLE') token = next()
  if (token?.upper === 'FUNCTION') token = next()
  let clause: Token | undefined
  let select = false
  let infile = false
  for (token = next(); token !== undefined; token = next()) {
    const before = list.at(-2)
    if (before?.upper === '.' || token.upper === '.') continue
    if (token.depth === 1 && before?.upper === '(' && ['SELECT', 'WITH'].includes(token.upper)) select = true
    if (token.kind !== 'word' || token.depth > 0) continue
    if (token.upper === 'SELECT' || token.upper === 'WITH') select = true
    if (token.upper === 'INFILE') infile = true
    if (token.upper === 'SETTINGS' && !select) clause ??= token
    if (select || infile) {
      if (token.upper !== 'FORMAT') continue
      const name = next()
      if (!opensFormat(before, token, name)) continue
      if (infile) return withoutData(text, name!.end, name!.end)
      if (!list.some((_, index) => isInputCall(list, index))) return withoutData(text, token.start, name!.end)
      return inputLoad(text, list.slice(0, -2), token.start, name!)
    }
    if (token.upper === 'VALUES') return plainLoad(text, clause?.start, token.start, token.end, 'Values')
    if (token.upper === 'FORMAT') {
      const name = next()
      if (name?.kind !== 'word') throw syntaxError('Expected the name of a format after FORMAT')
      const format = text.slice(name.start, name.end)
      if (format.toUpperCase() === 'VALUES')
        return plainLoad(text, clause?.start, token.start, name.end, 'Values')
      return plainLoad(text, clause?.start, token.start, dataStart(text, name.end), format)
    }
  }
  const end = list.at(-1)?.upper === ';' ? list.at(-1)!.start : text.length
  if (!list.some((_, index) => isInputCall(list, index))) return undefined
  return { ...inputLoad(text, list, end), dataOffset: text.length }
}

/** An INSERT whose rows come from elsewhere: the engine would run data behind it as SQL, so there may be none. */
const withoutData = (text: string, end: number, after: number): OtherStatement => {
  if (/[^\s;]/.test(text.slice(after)))
    throw syntaxError('Data follows an INSERT that reads none: use input()')
  return { kind: 'other', keyword: 'INSERT', format: undefined, sql: decode(text.slice(0, end)) }
}

const plainLoad = (
  text: string,
  settings: number | undefined,
  clause: number,
  dataOffset: number,
  format: string,
): LoadStatement => ({
  kind: 'load',
  dataOffset,
  format,
  render: (file) => {
    const cut = settings ?? clause
    const source = `FROM INFILE ${quote(encode(file.path))} COMPRESSION ${quote(file.compression)}`
    return decode(`${text.slice(0, cut)} ${source} ${text.slice(cut, clause)} FORMAT ${format}`)
  },
})

const inputLoad = (text: string, list: readonly Token[], end: number, name?: Token): LoadStatement => {
  const format = name === undefined ? 'Values' : text.slice(name.start, name.end)
  return {
    kind: 'load',
    dataOffset: name === undefined ? text.length : dataStart(text, name.end),
    format,
    render: (file) => decode(replaceInput(text, list, end, format, file)),
  }
}

const SELECTS = new Set(['SELECT', 'WITH', 'FROM', '('])

// biome-ignore lint/suspicious/noControlCharactersInRegex: ClickHouse reads a zero byte as a space.
const LEADING_SPACE = /^[\s\x00]+/

/**
 * Takes `sent` apart, which begins a request's statement and may go on with data; undefined when it is empty.
 * @throws ClickHouseException SYNTAX_ERROR for several statements in one text, NOT_IMPLEMENTED for INTO OUTFILE
 */
export const parseStatement = (sent: string): Statement | undefined => {
  // The engine takes a text that begins with a zero byte for an empty one, and reports success.
  const text = sent.replace(LEADING_SPACE, (space) => ' '.repeat(space.length))
  const source = tokens(text)
  const list: Token[] = []
  for (;;) {
    const step = source.next()
    if (step.done) break
    const token = step.value
    list.push(token)
    if (token.kind === 'word' && token.upper === 'INSERT' && token.depth === 0 && opensInsert(list)) {
      const load = parseInsert(text, source, list)
      if (load !== undefined) return load
    }
  }
  while (list.at(-1)?.upper === ';') list.pop()
  const first = list[0]
  const last = list.at(-1)
  if (first === undefined || last === undefined) return undefined
  // The engine takes some of what is no statement for an empty one, and reports success.
  if (first.upper !== '(' && !/^[A-Z]/.test(first.upper)) {
    throw syntaxError(`Syntax error: failed at position ${first.start + 1}: expected a query`)
  }
  if (list.some((token) => token.upper === ';' && token.depth === 0 && token.kind === 'symbol')) {
    throw syntaxError('Multi-statements are not allowed')
  }
  const sql = text.slice(0, last.end)
  const clause = list.findLastIndex((token, index) => opensFormat(list[index - 1], token, list[index + 1]))
  const format = clause < 0 ? undefined : text.slice(list[clause + 1]!.start, list[clause + 1]!.end)
  const insert = list.some(
    (token, index) => token.upper === 'INSERT' && opensInsert(list.slice(0, index + 1)),
  )
  if (!SELECTS.has(first.upper) || insert) {
    const keyword = insert ? 'INSERT' : first.upper
    return {
      kind: 'other',
      keyword,
      format: insert ? undefined : format,
      sql: decode(killByClientId(sql, list)),
    }
  }
  if (
    list.some(
      (token, index) => token.upper === 'OUTFILE' && list[index - 1]?.upper === 'INTO' && token.depth === 0,
    )
  ) {
    throw new ClickHouseException(
      48,
      'NOT_IMPLEMENTED',
      'INTO OUTFILE is not allowed over HTTP: read the response',
    )
  }
  const cut = clause < 0 ? last.end : list[clause]!.start
  return {
    kind: 'select',
    keyword: first.upper,
    format,
    render: (file, defaultFormat) => {
      const outfile = `INTO OUTFILE ${quote(encode(file))} APPEND`
      const tail = clause < 0 ? `FORMAT ${defaultFormat}` : text.slice(cut, last.end)
      return decode(`${processesOfClients(text.slice(0, cut), list)}\n${outfile} ${tail}`)
    },
  }
}

/** An INSERT begins a statement, or follows a WITH clause. */
const opensInsert = (list: readonly Token[]): boolean => list.length === 1 || list[0]?.upper === 'WITH'
