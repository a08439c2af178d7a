/** How much a slice's read will bring, for an ETA: asked once it takes long enough for anybody to wonder. */
import type { ReadContext } from '@tributary/connector-sdk'
import type { Remaining } from '../workflows/contract.js'
import type { SourceStream } from './catalog.js'

/** Short slices are never burdened with it. */
const ASK_AFTER_MS = 1_000

export interface SliceEstimate {
  /** What is still to come, of which this much has come; undefined where the source has not said, or said too little. */
  remaining(read: { readonly rows: number; readonly bytes: number }): Remaining | undefined
  /** Forgets the question. */
  stop(): void
}

/** Never fails a slice: a source that cannot say leaves the estimate out. */
export function estimateLater(
  stream: SourceStream,
  context: ReadContext<Record<string, unknown>>,
  askAfterMs = ASK_AFTER_MS,
): SliceEstimate {
  const abort = new AbortController()
  const signal = AbortSignal.any([context.signal, abort.signal])
  let estimated: Remaining | undefined
  const timer = setTimeout(() => {
    stream.estimate?.({ ...context, signal }).then(
      (estimate) => {
        estimated = estimate
      },
      () => undefined,
    )
  }, askAfterMs)
  return {
    remaining: (read) => estimated && rest(estimated, read),
    stop() {
      clearTimeout(timer)
      abort.abort()
    },
  }
}

/** By rows where they are estimated, else by bytes. */
function rest(
  estimated: Remaining,
  read: { readonly rows: number; readonly bytes: number },
): Remaining | undefined {
  for (const unit of ['rows', 'bytes'] as const) {
    const whole = estimated[unit]
    if (whole !== undefined) return whole > read[unit] ? { [unit]: whole - read[unit] } : undefined
  }
  return undefined
}
