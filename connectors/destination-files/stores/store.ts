/** A place that holds files: what is needed of a folder, a bucket and an SFTP server alike. Names are relative, steps joined by `/`. */
import type { Readable } from 'node:stream'

export interface Store {
  /** Proves that it can be written, and changes nothing. @throws ConnectorError */
  check(): Promise<void>
  /** Names of the files below a folder, at any depth; none where there is no such folder. */
  list(folder: string): Promise<string[]>
  /** A file's bytes. @throws ConnectorError where it does not exist */
  read(name: string): Promise<Readable>
  /** A small file's bytes, or undefined where there is none. */
  get(name: string): Promise<Buffer | undefined>
  /**
   * Puts a file in place, as a whole and durably, or not at all: a reader sees the old one or the new one. The folders
   * to it are made.
   */
  write(name: string, chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void>
  /** Puts a copy of one file in place of another, as {@link Store.write} does. */
  copy(from: string, to: string): Promise<void>
  /** Removes files; of what is not there: nothing. */
  remove(names: readonly string[]): Promise<void>
  /** Removes what {@link Store.write} left behind when it was killed, and the empty folders of the staging. */
  tidy(): Promise<void>
  close(): Promise<void>
}
