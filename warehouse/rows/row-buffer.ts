/** A growing byte buffer that rows are appended to, little endian, and that is used again after each take. */

const FIRST_BYTES = 1 << 20
/** Every writer of a fixed-width value may count on this much room; only text asks for more. */
const ROOM = 64
/** Up to this length a loop in JavaScript beats the call into native code (measured on Node 20). */
const SHORT_TEXT = 24

/** Grows on demand. Writers call {@link RowBuffer.ensure} only for values of variable width. */
export class RowBuffer {
  bytes: Buffer = Buffer.allocUnsafeSlow(FIRST_BYTES)
  view = new DataView(this.bytes.buffer)
  position = 0

  /** Makes room for `size` more bytes, and {@link ROOM} after them. */
  ensure(size: number): void {
    const needed = this.position + size + ROOM
    if (needed <= this.bytes.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2))
    this.bytes.copy(larger, 0, 0, this.position)
    this.bytes = larger
    this.view = new DataView(larger.buffer)
  }

  writeByte(value: number): undefined {
    this.ensure(1)
    this.bytes[this.position++] = value
  }

  writeInt(bits: number, value: number): undefined {
    this.ensure(4)
    const { view, position } = this
    if (bits === 8) view.setUint8(position, value & 0xff)
    else if (bits === 16) view.setUint16(position, value & 0xffff, true)
    else view.setUint32(position, value >>> 0, true)
    this.position = position + (bits >> 3)
  }

  /** Writes a safe integer in 64, 128 or 256 bits, two's complement. */
  writeSafeInteger(bits: number, value: number): undefined {
    this.ensure(32)
    const { view, position } = this
    const high = Math.floor(value / 4_294_967_296)
    view.setUint32(position, value >>> 0, true)
    view.setInt32(position + 4, high, true)
    const end = position + (bits >> 3)
    for (let at = position + 8; at < end; at += 4) view.setInt32(at, high < 0 ? -1 : 0, true)
    this.position = end
  }

  writeBigInt(bits: number, value: bigint): undefined {
    this.ensure(32)
    let rest = value
    const end = this.position + (bits >> 3)
    for (let at = this.position; at < end; at += 8) {
      this.view.setBigUint64(at, BigInt.asUintN(64, rest), true)
      rest >>= 64n
    }
    this.position = end
  }

  writeFloat(bits: number, value: number): undefined {
    this.ensure(8)
    if (bits === 64) this.view.setFloat64(this.position, value, true)
    else this.view.setFloat32(this.position, value, true)
    this.position += bits >> 3
  }

  /** Writes an unsigned LEB128 number. */
  writeLength(length: number): void {
    this.ensure(8)
    let rest = length
    while (rest > 127) {
      this.bytes[this.position++] = (rest & 127) | 128
      rest = Math.floor(rest / 128)
    }
    this.bytes[this.position++] = rest
  }

  /** Writes text as UTF-8 with its length before it. A lone surrogate becomes U+FFFD. */
  writeText(text: string): undefined {
    const length = text.length
    this.ensure(3 * length + 8)
    if (length <= SHORT_TEXT && this.writeAscii(text)) return
    const start = this.position
    const guess = lengthBytes(length)
    const written = this.bytes.write(text, start + guess, 'utf8')
    const actual = lengthBytes(written)
    if (actual !== guess) this.bytes.copyWithin(start + actual, start + guess, start + guess + written)
    this.writeLength(written)
    this.position += written
  }

  /** Writes short text if it is ASCII; otherwise writes nothing. */
  private writeAscii(text: string): boolean {
    const { bytes, position } = this
    const length = text.length
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index)
      if (code > 127) return false
      bytes[position + 1 + index] = code
    }
    bytes[position] = length
    this.position = position + 1 + length
    return true
  }

  /** A copy of what was written, and an empty buffer. */
  take(): Uint8Array {
    const taken = Buffer.allocUnsafeSlow(this.position)
    this.bytes.copy(taken, 0, 0, this.position)
    this.position = 0
    return taken
  }
}

function lengthBytes(length: number): number {
  let count = 1
  for (let rest = length; rest > 127; rest = Math.floor(rest / 128)) count++
  return count
}
