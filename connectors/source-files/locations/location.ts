/** What a place of files can do, whichever it is: list them, give a piece of one, bring one to this machine. */
import type { ConnectorError } from '@tributary/connector-sdk'

/** A file as its location lists it. */
export interface FileEntry {
  /** Path below the location with `/` between parts: what globs match and people read. */
  readonly name: string
  /** Size as it is stored, where the location says it. */
  readonly bytes: number | undefined
  /** Time of the last change, epoch milliseconds (fractions allowed); 0 where the location does not say. */
  readonly modifiedMs: number
  /** Changes whenever the content does: an ETag, or size and time. Absent: only the content tells. */
  readonly version: string | undefined
  /** Why it cannot be read, where the location says so already. */
  readonly problem?: ConnectorError
}

/** A file on this machine's disk, ready to be read. */
export interface LocalFile {
  readonly path: string
  readonly bytes: number
  /** Identity of the content: the entry's version, or a hash where the location gives none. */
  readonly version: string
  /** Throws SourceUnavailable when the file changed since it was opened. */
  verify(): Promise<void>
  /** Removes a downloaded copy; a file that was here before stays. */
  release(): Promise<void>
}

export interface FileLocation {
  /** Proves that the location exists and may be read. Throws ConnectorError. */
  check(): Promise<void>
  /** All files below the location, in no order. Throws ConnectorError. */
  list(): Promise<FileEntry[]>
  /** Bytes `start <= i < end` of a file; shorter where the file ends. */
  slice(entry: FileEntry, start: number, end: number): Promise<Buffer>
  /** The file on this machine; downloaded where needed. */
  open(entry: FileEntry): Promise<LocalFile>
}
