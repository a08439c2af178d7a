/**
 * The set of files read so far, in a fixed few kilobytes however many files there are: an invertible Bloom lookup
 * table (Goodrich & Mitzenmacher 2011). Taking a listing away from it leaves exactly the files that were added, changed
 * or removed, so a file that arrives late with an old time is found, which no watermark could do.
 */
import { createHash } from 'node:crypto'

const CELLS_PER_PART = 60
const PARTS = 4
const CELLS = CELLS_PER_PART * PARTS

/** Identity of a file's content: changes with its name and its version. 64 bits. */
export function fileId(name: string, version: string): bigint {
  return createHash('sha256').update(name).update('\0').update(version).digest().readBigUInt64LE()
}

export interface SketchDifference {
  /** In this sketch and not in the other one. */
  readonly added: ReadonlySet<bigint>
  /** In the other one and not in this. */
  readonly removed: ReadonlySet<bigint>
}

/** Differences up to about 120 files decode exactly; more are reported as too many, never wrongly. */
export class FileSketch {
  readonly #counts = new Int32Array(CELLS)
  readonly #ids = new BigUint64Array(CELLS)
  readonly #checks = new Uint32Array(CELLS)

  static of(ids: Iterable<bigint>): FileSketch {
    const sketch = new FileSketch()
    for (const id of ids) sketch.add(id)
    return sketch
  }

  add(id: bigint): void {
    this.#apply(id, 1)
  }

  remove(id: bigint): void {
    this.#apply(id, -1)
  }

  /** What this sketch has and `other` has not, and the reverse; undefined when they differ in too many files. */
  difference(other: FileSketch): SketchDifference | undefined {
    const rest = new FileSketch()
    for (let cell = 0; cell < CELLS; cell++) {
      rest.#counts[cell] = this.#counts[cell]! - other.#counts[cell]!
      rest.#ids[cell] = this.#ids[cell]! ^ other.#ids[cell]!
      rest.#checks[cell] = this.#checks[cell]! ^ other.#checks[cell]!
    }
    return rest.#decode()
  }

  #decode(): SketchDifference | undefined {
    const added = new Set<bigint>()
    const removed = new Set<bigint>()
    const queue = Array.from({ length: CELLS }, (_, cell) => cell)
    for (let cell = queue.pop(); cell !== undefined; cell = queue.pop()) {
      const count = this.#counts[cell]!
      const id = this.#ids[cell]!
      if ((count !== 1 && count !== -1) || checkOf(id) !== this.#checks[cell]) continue
      const into = count === 1 ? added : removed
      if (into.has(id)) return undefined
      into.add(id)
      this.#apply(id, -count)
      queue.push(...cellsOf(id))
    }
    const empty = this.#counts.every((count) => count === 0) && this.#ids.every((id) => id === 0n)
    return empty ? { added, removed } : undefined
  }

  #apply(id: bigint, sign: number): void {
    const check = checkOf(id)
    for (const cell of cellsOf(id)) {
      this.#counts[cell]! += sign
      this.#ids[cell]! ^= id
      this.#checks[cell]! ^= check
    }
  }

  /** Base64 text, at most 5.8 KB; short when few files were read. */
  toText(): string {
    const used: Buffer[] = []
    for (let cell = 0; cell < CELLS; cell++) {
      if (this.#counts[cell] === 0 && this.#ids[cell] === 0n) continue
      const bytes = Buffer.alloc(18)
      bytes.writeUInt16LE(cell, 0)
      bytes.writeInt32LE(this.#counts[cell]!, 2)
      bytes.writeBigUInt64LE(this.#ids[cell]!, 6)
      bytes.writeUInt32LE(this.#checks[cell]!, 14)
      used.push(bytes)
    }
    return Buffer.concat(used).toString('base64')
  }

  /** Reads what `toText` wrote. Throws on anything else. */
  static fromText(text: string): FileSketch {
    const bytes = Buffer.from(text, 'base64')
    if (bytes.length % 18 !== 0) throw new Error('reading the sketch of files: its length is wrong')
    const sketch = new FileSketch()
    for (let at = 0; at < bytes.length; at += 18) {
      const cell = bytes.readUInt16LE(at)
      if (cell >= CELLS) throw new Error('reading the sketch of files: it has an unknown cell')
      sketch.#counts[cell] = bytes.readInt32LE(at + 2)
      sketch.#ids[cell] = bytes.readBigUInt64LE(at + 6)
      sketch.#checks[cell] = bytes.readUInt32LE(at + 14)
    }
    return sketch
  }
}

/** One cell in each part, from the id's own bits (they are a hash already). */
function cellsOf(id: bigint): number[] {
  return Array.from(
    { length: PARTS },
    (_, part) => part * CELLS_PER_PART + (Number((id >> BigInt(16 * part)) & 0xffffn) % CELLS_PER_PART),
  )
}

function checkOf(id: bigint): number {
  let hash = Number(id & 0xffffffffn) ^ Math.imul(Number(id >> 32n), 0x9e3779b1)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
