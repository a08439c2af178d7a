/** Parquet files, written a row group at a time, so that a file of any size needs the memory of one group. */
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import type { FileOptions } from '../config.js'
import type { ColumnKinds } from '../parts/kinds.js'
import { parseRow, type Row } from '../parts/part.js'
import { type ParquetColumn, parquetColumn } from './parquet-columns.js'

const GROUP_ROWS = 50_000
/** Of the rows as JSON. */
const GROUP_BYTES = 16 << 20

/** @param names the columns in their order, at least one */
export async function* encodeParquet(
  options: FileOptions,
  names: readonly string[],
  columns: ColumnKinds,
  lines: AsyncIterable<readonly Buffer[]>,
): AsyncGenerator<Uint8Array> {
  const fields = names.map((name) => parquetColumn(name, columns.kinds(name), options.types.get(name)))
  const writer = new ByteWriter()
  const root = { name: 'root', num_children: fields.length }
  const schema = [root, ...fields.flatMap((field) => field.schema)]
  const file = new ParquetWriter({ writer, schema, createdBy: 'tributary' })
  const written = (): Uint8Array => {
    const bytes = writer.getBytes().slice()
    // The writer's offset goes on, its buffer begins anew.
    writer.index = 0
    return bytes
  }
  let rows: Row[] = []
  let bytes = 0
  for await (const some of lines)
    for (const line of some) {
      rows.push(parseRow(line))
      bytes += line.length
      if (rows.length < GROUP_ROWS && bytes < GROUP_BYTES) continue
      writeGroup(file, fields, rows)
      yield written()
      rows = []
      bytes = 0
    }
  if (rows.length > 0) writeGroup(file, fields, rows)
  await file.finish()
  yield written()
}

function writeGroup(file: ParquetWriter, fields: readonly ParquetColumn[], rows: readonly Row[]): void {
  const columnData = fields.map(({ name, convert }) => ({
    name,
    data: rows.map((row) => convert(row[name])),
  }))
  // Resolves at once: the writer holds its bytes until they are taken.
  void file.write({ columnData, rowGroupSize: rows.length })
}
