/** Writers of booleans, UUIDs, text and JSON. */
import { bad, type ValueWriter } from './fault.js'
import type { RowBuffer } from './row-buffer.js'

const NOT_BOOL = bad('not a boolean')
const NOT_UUID = bad('not a UUID')
const NOT_OBJECT = bad('not a JSON object')

/** Bool, from true and false, 1 and 0, and their usual text. */
export const writeBool: ValueWriter = (buffer, value) => {
  if (value === true || value === 1) return buffer.writeByte(1)
  if (value === false || value === 0) return buffer.writeByte(0)
  if (typeof value !== 'string') return NOT_BOOL
  switch (value.toLowerCase()) {
    case 'true':
    case 't':
    case '1':
      return buffer.writeByte(1)
    case 'false':
    case 'f':
    case '0':
      return buffer.writeByte(0)
    default:
      return NOT_BOOL
  }
}

/** String. Text as it is, anything else as JSON text, so an object's text can be parsed back. */
export const writeString: ValueWriter = (buffer, value) => {
  if (typeof value === 'string') return buffer.writeText(value)
  return buffer.writeText(typeof value === 'object' ? JSON.stringify(value) : String(value))
}

/** The JSON type, which holds objects only (`input_format_binary_read_json_as_string=1`). Text is taken as JSON text. */
export const writeJson: ValueWriter = (buffer, value) => {
  if (typeof value === 'object' && !Array.isArray(value)) return buffer.writeText(JSON.stringify(value))
  if (typeof value !== 'string') return NOT_OBJECT
  const parsed = parseJson(value)
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return NOT_OBJECT
  return buffer.writeText(value)
}

/** The value of JSON text, or undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** UUID, in hex with or without dashes. */
export const writeUuid: ValueWriter = (buffer, value) => {
  if (typeof value !== 'string') return NOT_UUID
  buffer.ensure(16)
  const dashed = value.length === 36
  if (dashed ? !hasDashes(value) : value.length !== 32) return NOT_UUID
  let at = 0
  let invalid = 0
  for (let index = 0; index < 16; index++) {
    if (dashed && (index === 4 || index === 6 || index === 8 || index === 10)) at++
    const high = HEX[value.charCodeAt(at)] ?? 16
    const low = HEX[value.charCodeAt(at + 1)] ?? 16
    invalid |= (high | low) & 16
    at += 2
    // Two little-endian halves of 64 bits.
    buffer.bytes[buffer.position + (index < 8 ? 7 - index : 23 - index)] = (high << 4) | low
  }
  if (invalid !== 0) return NOT_UUID
  return advance(buffer, 16)
}

function advance(buffer: RowBuffer, size: number): undefined {
  buffer.position += size
}

function hasDashes(text: string): boolean {
  return text[8] === '-' && text[13] === '-' && text[18] === '-' && text[23] === '-'
}

/** Value of each hex digit by its character code; 16 for what is none. */
const HEX = Uint8Array.from({ length: 128 }, (_, code) => {
  const digit = Number.parseInt(String.fromCharCode(code), 16)
  return Number.isNaN(digit) ? 16 : digit
})
