/** Blocks as records: the slow way in, for when the warehouse could not read a block and the bad rows must be found. */
import type { SourceRecord, StreamSchema } from '@tributary/connector-sdk'
import type { RowBlock } from './blocks.js'

const ESCAPES: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

type Decode = (text: string) => unknown

/** The rows of a block as JSON values in the schema's form. NaN and infinities, which JSON lacks, stay text. */
export function decodeBlock(
  block: RowBlock,
  fields: readonly string[],
  schema: StreamSchema,
): SourceRecord[] {
  const decoders = fields.map((field) => decoder(schema.properties[field]?.['x-type']))
  const text = Buffer.concat(block.chunks as Uint8Array[], block.bytes).toString('utf8')
  return text
    .slice(0, -1)
    .split('\n')
    .map((line) => {
      const values = line.split('\t')
      const entries = fields.map((field, index): [string, unknown] => {
        const raw = values[index] ?? '\\N'
        return [field, raw === '\\N' ? null : decoders[index]!(unescapeText(raw))]
      })
      return Object.fromEntries(entries)
    })
}

function unescapeText(raw: string): string {
  return raw.includes('\\') ? raw.replace(/\\(.)/gs, (_, letter: string) => ESCAPES[letter] ?? letter) : raw
}

function decoder(type: string | undefined): Decode {
  switch (type) {
    case 'bool':
      return (text) => text === 't'
    case 'int16':
    case 'int32':
    case 'uint32':
      return Number
    case 'float32':
    case 'float64':
      return (text) => (Number.isFinite(Number(text)) ? Number(text) : text)
    case 'int64':
      return (text) => (Number.isSafeInteger(Number(text)) ? Number(text) : text)
    default:
      return (text) => text
  }
}
