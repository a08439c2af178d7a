/** Sends a file piece by piece: what the line loses is sent again from there, and how far it is can be told. */
import { isTooMany, isUnreachable } from '../../api/api-error.js'
import { backoffMs } from '../../api/backoff.js'
import { api, take } from '../../api/client.js'
import { randomLetters } from './upload-names.js'

/** A slow line has to bring one within half a minute. */
const PIECE_BYTES = 1024 * 1024

/** So often one piece is tried: for about half a minute. */
const MOST_TRIES = 7

interface SendOptions {
  readonly folder: string
  readonly file: File
  /** From 0 to 1. */
  readonly onShare: (share: number) => void
  /** Gives up; the part that came is removed by the server. */
  readonly signal: AbortSignal
}

/** Resolves when the file is there. @throws ApiError, or what the browser says of a file that it cannot read */
export async function sendFile({ folder, file, onShare, signal }: SendOptions): Promise<void> {
  const upload = randomLetters(16)
  for (let at = 0; ; at += PIECE_BYTES) {
    const bytes = file.slice(at, at + PIECE_BYTES)
    const last = at + PIECE_BYTES >= file.size
    const path = { folder, file: file.name }
    await patiently(signal, () =>
      take(
        api.POST('/api/v1/uploads/{folder}/{file}', {
          params: { path, query: { upload, at, last } },
          body: bytes,
          headers: { 'content-type': 'application/octet-stream' },
          signal,
        }),
      ),
    )
    onShare(last ? 1 : (at + PIECE_BYTES) / file.size)
    if (last) return
  }
}

async function patiently(signal: AbortSignal, send: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      await send()
      return
    } catch (error) {
      const mayPass = isUnreachable(error) || isTooMany(error)
      if (!mayPass || tries + 1 >= MOST_TRIES || signal.aborted) throw error
      await new Promise((resolve) => setTimeout(resolve, backoffMs(tries, Math.random())))
    }
  }
}
