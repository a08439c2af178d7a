/** Splits the bytes of ClickHouse's text formats into rows of raw cells. Streams; a row may span any number of chunks. */

/** A cell as it stands in the bytes; null where the format writes NULL. */
export type Cell = string | null

/** Rows of TabSeparated: cells unescaped, `\N` is NULL (https://clickhouse.com/docs/interfaces/formats/TabSeparated). */
export async function* tabSeparatedRows(chunks: AsyncIterable<string>): AsyncGenerator<Cell[]> {
  for await (const line of lines(chunks)) yield line.split('\t').map(unescapeTab)
}

/** Lines without their ends; an empty last line is no line. */
export async function* lines(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of chunks) {
    const parts = (rest + chunk).split('\n')
    rest = parts.pop()!
    yield* parts.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
  }
  if (rest !== '') yield rest
}

/** Rows of CSV (RFC 4180): quoted cells may hold line ends; unquoted `\N` and unquoted nothing are NULL, as
 * ClickHouse reads them into nullable columns (input_format_csv_empty_as_default). */
export async function* csvRows(chunks: AsyncIterable<string>, delimiter: string): AsyncGenerator<Cell[]> {
  let row: Cell[] = []
  let cell = ''
  let state: 'start' | 'plain' | 'quoted' | 'quote' = 'start'
  let quoted = false
  let empty = true
  const endCell = (): void => {
    row.push(!quoted && (cell === '\\N' || cell === '') ? null : cell)
    cell = ''
    quoted = false
    state = 'start'
  }
  for await (const chunk of chunks) {
    for (const char of chunk) {
      empty = false
      if (state === 'quoted') {
        if (char === '"') state = 'quote'
        else cell += char
      } else if (char === '"' && state === 'quote') {
        cell += '"'
        state = 'quoted'
      } else if (char === '"' && state === 'start') {
        quoted = true
        state = 'quoted'
      } else if (char === delimiter) {
        endCell()
      } else if (char === '\n') {
        endCell()
        yield row
        row = []
        empty = true
      } else if (char !== '\r') {
        cell += char
        state = 'plain'
      }
    }
  }
  if (!empty) {
    endCell()
    yield row
  }
}

const TAB_ESCAPES: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  r: '\r',
  n: '\n',
  t: '\t',
  '0': '\0',
}

function unescapeTab(cell: string): Cell {
  if (cell === '\\N') return null
  return cell.includes('\\') ? cell.replace(/\\(.)/gs, (_, char: string) => TAB_ESCAPES[char] ?? char) : cell
}
