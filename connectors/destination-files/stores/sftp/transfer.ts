/** Bytes of files at an SFTP server, several requests at once: one at a time would wait for the network most of the time. */
import type { SftpSession } from './sftp-session.js'

/** What every server takes in one request. */
const PIECE_BYTES = 32 << 10
const AT_ONCE = 32

/** Writes the chunks from the file's beginning. Chunks may be reused once the next one is asked for. */
export async function writeFile(
  session: SftpSession,
  handle: Buffer,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  let position = 0
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
    for (let start = 0; start < bytes.length; start += PIECE_BYTES * AT_ONCE) {
      const window = bytes.subarray(start, start + PIECE_BYTES * AT_ONCE)
      const base = position + start
      await Promise.all(
        pieces(window.length).map(([from, length]) =>
          session.request<unknown>((sftp, done) =>
            sftp.write(handle, window, from, length, base + from, (error) => done(error, undefined)),
          ),
        ),
      )
    }
    position += bytes.length
  }
}

/** The file's bytes in order. */
export async function* readFile(session: SftpSession, handle: Buffer): AsyncGenerator<Buffer> {
  for (let position = 0; ; ) {
    const window = Buffer.allocUnsafe(PIECE_BYTES * AT_ONCE)
    const lengths = await Promise.all(
      pieces(window.length).map(([from, length]) =>
        readPiece(session, handle, window, from, length, position),
      ),
    )
    const bytes = lengths.reduce((sum, length) => sum + length, 0)
    // Pieces are whole until the end of the file.
    if (bytes > 0) yield window.subarray(0, bytes)
    if (bytes < window.length) return
    position += bytes
  }
}

/** Fills a piece; the server may give it in smaller ones. Less than asked for: the file ends here. */
async function readPiece(
  session: SftpSession,
  handle: Buffer,
  window: Buffer,
  from: number,
  length: number,
  position: number,
): Promise<number> {
  let filled = 0
  while (filled < length) {
    const read = await session.request<number>((sftp, done) =>
      sftp.read(handle, window, from + filled, length - filled, position + from + filled, (error, bytes) =>
        // The end of the file is an answer, not an error.
        isEnd(error) ? done(null, 0) : done(error, bytes),
      ),
    )
    if (read === 0) break
    filled += read
  }
  return filled
}

function isEnd(error: Error | null | undefined): boolean {
  return error instanceof Error && 'code' in error && error.code === 1
}

function pieces(bytes: number): [from: number, length: number][] {
  const count = Math.ceil(bytes / PIECE_BYTES)
  return Array.from({ length: count }, (_, index) => [
    index * PIECE_BYTES,
    Math.min(PIECE_BYTES, bytes - index * PIECE_BYTES),
  ])
}
