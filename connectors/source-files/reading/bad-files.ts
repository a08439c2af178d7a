/** Files that cannot be read: told from places that cannot be reached, and reported together at the end of a read. */
import { ConnectorError, isConnectorError } from '@tributary/connector-sdk'

/** So many are passed over in one read; then something other than a file is wrong. */
const MAX_BAD_FILES = 50
/** A report names this many. */
const NAMED_FILES = 3

/** What damaged content throws. `problem`: what is wrong and what to do. */
export function damagedFile(action: string, problem: string, cause?: unknown): ConnectorError {
  return new ConnectorError('UnreadableData', `${action}: ${problem}`, { cause })
}

/** Codes of a refusal that is about one file; a credential that may do nothing fails at the listing. */
const OF_ONE_FILE = new Set(['EACCES', 'EPERM', 'AccessDenied', '403', '404', '410'])

/** True when the fault is this one file's, so that the others can be read all the same. */
export function isBadFile(error: unknown): error is ConnectorError {
  if (!isConnectorError(error)) return false
  const mayNot = error.kind === 'PermissionDenied' && OF_ONE_FILE.has(error.code ?? '')
  return error.kind === 'UnreadableData' || mayNot
}

/** Collects the bad files of one read. */
export class BadFiles {
  readonly #errors: ConnectorError[] = []

  /** Keeps the error of a bad file. @throws what is no fault of the file; the report, when there are too many */
  add(error: unknown): void {
    if (!isBadFile(error)) throw error
    this.#errors.push(error)
    if (this.#errors.length >= MAX_BAD_FILES) this.throwIfAny()
  }

  /** @throws UnreadableData that names the files, why, and what to do */
  throwIfAny(): void {
    const [first] = this.#errors
    if (first === undefined) return
    const named = this.#errors.slice(0, NAMED_FILES).map(({ message }) => message)
    const more = this.#errors.length - named.length
    throw new ConnectorError(
      'UnreadableData',
      `${named.join('; ')}${more > 0 ? `; and ${more} more files` : ''}; the other files were read`,
      { cause: first },
    )
  }
}
