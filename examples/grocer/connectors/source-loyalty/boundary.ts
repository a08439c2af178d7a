/**
 * Where a read stands: the newest `updated_at` and the ids seen at it. Many records share a time, so the time alone would
 * lose or repeat some; a record is admitted once, whether a page comes twice or the next sync starts at the same time.
 */
import type { JsonObject } from '@tributary/connector-sdk'

/** The state that checkpoints carry. */
export interface BoundaryState extends JsonObject {
  readonly updated_at: string
  readonly ids: readonly string[]
}

/** More ids than this would not fit a checkpoint's 8 KB. */
const MAX_IDS = 300

export class Boundary {
  #updatedAt: string
  #ids: Set<string>

  /** @param state where an earlier read ended; absent: nothing was seen */
  constructor(state?: BoundaryState) {
    this.#updatedAt = state?.updated_at ?? ''
    this.#ids = new Set(state?.ids)
  }

  /** True for a record that was not seen yet. Records must come in the order of `updated_at`. */
  admit(updatedAt: string, id: string): boolean {
    if (updatedAt < this.#updatedAt || (updatedAt === this.#updatedAt && this.#ids.has(id))) {
      return false
    }
    if (updatedAt > this.#updatedAt) {
      this.#updatedAt = updatedAt
      this.#ids = new Set()
    }
    this.#ids.add(id)
    return true
  }

  /** Undefined before the first record, and while more records share the time than a state can name: a later place will do. */
  state(): BoundaryState | undefined {
    return this.#ids.size > MAX_IDS ? undefined : this.end()
  }

  /** For the end of a read, where no later place comes: records that the state cannot name are read again, none is lost. */
  end(): BoundaryState | undefined {
    return this.#updatedAt === ''
      ? undefined
      : { updated_at: this.#updatedAt, ids: [...this.#ids].slice(0, MAX_IDS) }
  }
}
