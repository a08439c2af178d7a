/** Which type changes lose nothing, and the narrowest type that holds the values of two others. */
import { quoteString } from './identifiers.js'
import { type BaseType, type ColumnType, formatType, parseType } from './type.js'

/** True when every value of `from` has exactly one equal value in `to`, and the engine's CAST finds it or fails loudly. */
export function canWiden(from: string, to: string): boolean {
  return widens(parseType(from), parseType(to))
}

/**
 * The narrowest type that both widen to, or undefined when there is none. Where nothing else holds both it is String,
 * which holds the text of everything but arrays of text.
 */
export function commonType(a: string, b: string): string | undefined {
  const common = commonOf(parseType(a), parseType(b))
  return common === undefined ? undefined : formatType(common)
}

/** Converts an expression to a wider type, as {@link canWiden} allows. */
export function castExpression(expression: string, type: string): string {
  return `CAST(${expression}, ${quoteString(type)})`
}

function widens(from: ColumnType, to: ColumnType): boolean {
  return (to.nullable || !from.nullable) && baseWidens(from.base, to.base)
}

function baseWidens(from: BaseType, to: BaseType): boolean {
  if (sameBase(from, to)) return true
  if (to.kind === 'String') return hasFaithfulText(from)
  switch (from.kind) {
    case 'Int':
      return integerWidens(from, to)
    case 'Float':
      return to.kind === 'Float' && to.bits >= from.bits
    case 'Decimal':
      return (
        to.kind === 'Decimal' &&
        to.scale >= from.scale &&
        to.precision - to.scale >= from.precision - from.scale
      )
    case 'Date32':
      return to.kind === 'DateTime64'
    case 'DateTime64':
      return to.kind === 'DateTime64' && to.zone === from.zone && to.precision >= from.precision
    case 'Array':
      return to.kind === 'Array' && widens(from.of, to.of)
    default:
      return false
  }
}

type Integer = Extract<BaseType, { kind: 'Int' }>

function integerWidens(from: Integer, to: BaseType): boolean {
  switch (to.kind) {
    case 'Int':
      if (from.signed) return to.signed && to.bits >= from.bits
      return to.signed ? to.bits > from.bits : to.bits >= from.bits
    case 'Decimal':
      return to.precision - to.scale >= decimalDigits(from)
    case 'Float':
      return from.bits <= (to.bits === 64 ? 32 : 16)
    default:
      return false
  }
}

/** Text of an array of text is not JSON (`['a']`), so such arrays have no faithful String. */
function hasFaithfulText(from: BaseType): boolean {
  if (from.kind === 'Other') return false
  return from.kind !== 'Array' || ['Int', 'Float', 'Bool'].includes(from.of.base.kind)
}

function commonOf(a: ColumnType, b: ColumnType): ColumnType | undefined {
  const base = commonBase(a.base, b.base)
  if (base === undefined) return undefined
  const nullable = (a.nullable || b.nullable) && base.kind !== 'Array'
  const lowCardinality = a.lowCardinality && b.lowCardinality
  return { base, nullable, lowCardinality }
}

function commonBase(a: BaseType, b: BaseType): BaseType | undefined {
  if (baseWidens(a, b)) return b
  if (baseWidens(b, a)) return a
  const number = commonNumber(a, b)
  if (number) return number
  if (a.kind === 'Array' && b.kind === 'Array') {
    const of = commonOf(a.of, b.of)
    return of && { kind: 'Array', of }
  }
  return hasFaithfulText(a) && hasFaithfulText(b) ? { kind: 'String' } : undefined
}

function commonNumber(a: BaseType, b: BaseType): BaseType | undefined {
  if (a.kind === 'Int' && b.kind === 'Int') {
    const bits = 2 * (a.signed ? b.bits : a.bits)
    return bits <= 256 ? { kind: 'Int', bits, signed: true } : undefined
  }
  if (isInexact(a) && isInexact(b)) return { kind: 'Float', bits: 64 }
  const left = asDecimal(a)
  const right = asDecimal(b)
  if (left === undefined || right === undefined) return undefined
  const scale = Math.max(left.scale, right.scale)
  const precision = Math.max(left.digits, right.digits) + scale
  return precision <= 76 ? { kind: 'Decimal', precision, scale } : undefined
}

/** Fits Float64 exactly. */
function isInexact(base: BaseType): boolean {
  return base.kind === 'Float' || (base.kind === 'Int' && base.bits <= 32)
}

function asDecimal(base: BaseType): { digits: number; scale: number } | undefined {
  if (base.kind === 'Int') return { digits: decimalDigits(base), scale: 0 }
  if (base.kind === 'Decimal') return { digits: base.precision - base.scale, scale: base.scale }
  return undefined
}

/** Digits of an integer type's longest value. */
function decimalDigits(type: Integer): number {
  const largest = 2n ** BigInt(type.signed ? type.bits - 1 : type.bits)
  return String(largest).length
}

function sameBase(a: BaseType, b: BaseType): boolean {
  const plain = (base: BaseType) => formatType({ base, nullable: false, lowCardinality: false })
  return plain(a) === plain(b)
}
