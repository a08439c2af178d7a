/** Reads bytes in any input format with the real engine, for tests of what a projection or the encoder makes of them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { query } from 'chdb'
import { quoteString } from '../types/identifiers.js'
import { INPUT_SETTINGS } from './input-settings.js'

export interface ReadInput {
  readonly format: string
  readonly structure: string
  readonly bytes: Uint8Array | string
  /** @default ['*'] */
  readonly expressions?: readonly string[]
  readonly where?: string
}

/** Output as exact text: numbers of 64 bits, decimals, NaN and infinity are strings. */
const OUTPUT_SETTINGS = {
  output_format_json_quote_64bit_integers: 1,
  output_format_json_quote_decimals: 1,
  output_format_json_quote_denormals: 1,
  output_format_decimal_trailing_zeros: 1,
} as const

/** The rows that the engine finds, each an array of the expressions' values. */
export function readInput({
  format,
  structure,
  bytes,
  expressions = ['*'],
  where = 'true',
}: ReadInput): unknown[][] {
  const folder = mkdtempSync(join(tmpdir(), 'read-input-'))
  try {
    const path = join(folder, 'input')
    writeFileSync(path, bytes)
    const source = `file(${quoteString(path)}, ${format}, ${quoteString(structure)})`
    const settings = Object.entries({ ...INPUT_SETTINGS, ...OUTPUT_SETTINGS })
      .map(([name, value]) => `${name} = ${typeof value === 'string' ? quoteString(value) : value}`)
      .join(', ')
    const sql = `SELECT ${expressions.join(', ')} FROM ${source} WHERE ${where} SETTINGS ${settings}`
    return query(sql, 'JSONCompactEachRow')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
