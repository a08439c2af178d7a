/** Writers of numbers. A number is taken from a JSON number or from text, and never changes its value on the way. */
import { bad, type Fault, type ValueWriter } from './fault.js'
import { DecimalFault, unscaledOfNumber, unscaledOfText } from './parse-decimal.js'
import type { RowBuffer } from './row-buffer.js'

const NOT_INTEGER = bad('not an integer')
const OUT_OF_RANGE = bad('out of range')
const IMPRECISE = bad(
  'an integer beyond 2^53 given as a number has lost digits; the source must give it as text',
)
const NOT_NUMBER = bad('not a number')
const INTEGER_TEXT = /^[+-]?\d{1,80}(?:\.0*)?$/
/** Text of this many characters is read as a double without loss. */
const SAFE_LENGTH = 15

/** Int and UInt of 8 to 256 bits. */
export function integerWriter(bits: number, signed: boolean): ValueWriter {
  const min = signed ? -(2n ** BigInt(bits - 1)) : 0n
  const max = 2n ** BigInt(signed ? bits - 1 : bits) - 1n
  const least = Number(min)
  const most = Number(max)
  const write: ValueWriter = (buffer, value) => {
    if (typeof value === 'number') {
      if (!Number.isSafeInteger(value)) return Number.isInteger(value) ? IMPRECISE : NOT_INTEGER
      if (value < least || value > most) return OUT_OF_RANGE
      if (bits <= 32) buffer.writeInt(bits, value)
      else buffer.writeSafeInteger(bits, value)
      return undefined
    }
    if (typeof value === 'bigint') {
      if (value < min || value > max) return OUT_OF_RANGE
      return bits <= 32 ? write(buffer, Number(value)) : buffer.writeBigInt(bits, value)
    }
    if (typeof value !== 'string' || !INTEGER_TEXT.test(value)) return NOT_INTEGER
    if (value.length <= SAFE_LENGTH) return write(buffer, Number(value))
    return write(buffer, BigInt(value.replace(/^\+|\..*$/g, '')))
  }
  return write
}

/** Decimal of 1 to 76 digits. */
export function decimalWriter(precision: number, scale: number): ValueWriter {
  const bits = decimalBits(precision)
  const limit = 10n ** BigInt(precision)
  const safeLimit = Number(limit)
  return (buffer, value) => {
    const unscaled = unscaledOf(value, scale)
    if (typeof unscaled === 'number') {
      if (unscaled >= safeLimit || unscaled <= -safeLimit) return OUT_OF_RANGE
      if (bits === 32) buffer.writeInt(32, unscaled)
      else buffer.writeSafeInteger(bits, unscaled)
      return undefined
    }
    if (typeof unscaled !== 'bigint') return FAULTS[unscaled]
    if (unscaled >= limit || unscaled <= -limit) return OUT_OF_RANGE
    return bits === 32 ? buffer.writeInt(32, Number(unscaled)) : buffer.writeBigInt(bits, unscaled)
  }
}

const FAULTS: Readonly<Record<DecimalFault, Fault>> = {
  [DecimalFault.notANumber]: NOT_NUMBER,
  [DecimalFault.tooFine]: bad(DecimalFault.tooFine),
  [DecimalFault.tooLarge]: OUT_OF_RANGE,
}

function unscaledOf(value: unknown, scale: number): number | bigint | DecimalFault {
  if (typeof value === 'number') return unscaledOfNumber(value, scale)
  if (typeof value === 'string') return unscaledOfText(value, scale)
  return typeof value === 'bigint' ? unscaledOfText(String(value), scale) : DecimalFault.notANumber
}

/** Bits that ClickHouse keeps a Decimal of this precision in. */
export function decimalBits(precision: number): number {
  if (precision <= 9) return 32
  if (precision <= 18) return 64
  return precision <= 38 ? 128 : 256
}

const SPECIAL: ReadonlyMap<string, number> = new Map([
  ['nan', Number.NaN],
  ['infinity', Number.POSITIVE_INFINITY],
  ['+infinity', Number.POSITIVE_INFINITY],
  ['inf', Number.POSITIVE_INFINITY],
  ['+inf', Number.POSITIVE_INFINITY],
  ['-infinity', Number.NEGATIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
])
const FLOAT_TEXT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/

/**
 * Float32 and Float64; text may also be NaN and ±Infinity, which JSON cannot write: a number is infinite only where its
 * reader met one that was out of range, as `JSON.parse('1e400')` does.
 */
export function floatWriter(bits: 32 | 64): ValueWriter {
  return (buffer, value) => {
    if (typeof value === 'number') {
      return Number.isNaN(value) ? buffer.writeFloat(bits, value) : writeFinite(buffer, bits, value)
    }
    if (typeof value === 'bigint') return writeFinite(buffer, bits, Number(value))
    if (typeof value !== 'string') return NOT_NUMBER
    if (FLOAT_TEXT.test(value)) return writeFinite(buffer, bits, Number(value))
    const special = SPECIAL.get(value.toLowerCase())
    return special === undefined ? NOT_NUMBER : buffer.writeFloat(bits, special)
  }
}

/** A finite value that would become infinite in the column is out of range. */
function writeFinite(buffer: RowBuffer, bits: 32 | 64, value: number): Fault | undefined {
  if (!Number.isFinite(bits === 32 ? Math.fround(value) : value)) return OUT_OF_RANGE
  return buffer.writeFloat(bits, value)
}
