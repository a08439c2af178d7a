/**
 * ClickHouse's errors as its HTTP interface speaks them: `Code: N. DB::Exception: … (NAME)`, a status per code,
 * and the frame that tells a client about an error after the first bytes of a result have left.
 */

/** An error with ClickHouse's code and name; `status` overrides the code's usual HTTP status. */
export class ClickHouseException extends Error {
  readonly code: number
  readonly type: string
  readonly status: number

  constructor(code: number, type: string, message: string, status?: number) {
    super(message)
    this.name = 'ClickHouseException'
    this.code = code
    this.type = type
    this.status = status ?? httpStatus(code)
  }

  /** The body of an error response. */
  describe(version: string): string {
    return `Code: ${this.code}. DB::Exception: ${this.message} (${this.type}) (version ${version} (official build))`
  }
}

const BAD_REQUEST = [
  6, 8, 15, 25, 26, 27, 36, 38, 41, 43, 44, 53, 62, 72, 117, 167, 168, 223, 321, 376, 427, 441, 456, 457, 675,
  676,
]
const NOT_FOUND = [46, 47, 50, 56, 60, 63, 73, 78, 81, 115, 336, 372, 511]
const STATUS = new Map<number, number>([
  ...BAD_REQUEST.map((code) => [code, 400] as const),
  ...NOT_FOUND.map((code) => [code, 404] as const),
  [48, 501],
  [66, 413],
  [76, 503],
  [159, 408],
  [192, 401],
  [193, 401],
  [194, 401],
  [209, 408],
  [381, 411],
  [516, 401],
])

/** The HTTP status ClickHouse answers an error code with. */
function httpStatus(code: number): number {
  return STATUS.get(code) ?? 500
}

// An error met while reading a file comes wrapped in itself; the innermost code and text are the telling ones.
const ENGINE_ERROR = /^(?:Code: \d+\. DB::Exception: )*Code: (\d+)\. DB::Exception: ([\s\S]*)$/
const NAME_AND_VERSION = /\s*\((\w+)\)(?: \(version [^)]*\))?\s*$/

const DISK_FULL = /No space left on device|ENOSPC/

/** Any failure of a query as a ClickHouseException; an error of the disk becomes NOT_ENOUGH_SPACE. */
export const toException = (error: unknown): ClickHouseException => {
  if (error instanceof ClickHouseException) return error
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof Error && 'code' in error && /^(Z_|ERR_BROTLI|ERR__ERROR)/.test(String(error.code))) {
    return new ClickHouseException(354, 'ZLIB_INFLATE_FAILED', `Cannot decompress the body: ${message}`, 400)
  }
  if (DISK_FULL.test(message)) return new ClickHouseException(243, 'NOT_ENOUGH_SPACE', message)
  const parsed = ENGINE_ERROR.exec(message)
  if (parsed?.[1] !== undefined) {
    let text = parsed[2] ?? ''
    const type = NAME_AND_VERSION.exec(text)?.[1] ?? 'UNKNOWN'
    for (let end = NAME_AND_VERSION.exec(text); end?.[1] === type; end = NAME_AND_VERSION.exec(text)) {
      text = text.slice(0, end.index)
    }
    return new ClickHouseException(Number(parsed[1]), type, text)
  }
  return new ClickHouseException(1002, 'UNKNOWN_EXCEPTION', message)
}

/**
 * The bytes that follow the rows already sent when a query fails midway, as ClickHouse writes them since 25.11;
 * `tag` is the value of the response's X-ClickHouse-Exception-Tag.
 */
export const exceptionFrame = (tag: string, description: string): Buffer => {
  const message = `${description}\n`
  return Buffer.from(
    `\r\n__exception__\r\n${tag}\r\n${message}${Buffer.byteLength(message)} ${tag}\r\n__exception__\r\n`,
  )
}
