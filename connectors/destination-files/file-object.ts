/** The one object of the destination: a file for every run, of records with whatever fields an activation names. */
import {
  ConnectorError,
  defineObject,
  OK,
  type Operation,
  type RecordResult,
  rejected,
} from '@tributary/connector-sdk'
import { fileOptions } from './config.js'
import { misfit } from './formats/declared-types.js'
import { namesEachRun } from './naming/file-name.js'
import { partName, staging } from './naming/staging.js'
import { encodePart, type Row } from './parts/part.js'
import { rowsOf } from './parts/rows.js'
import { finishRun } from './publish/finish-run.js'
import type { FilesConfig } from './spec.js'
import { withStore } from './stores/open-store.js'

export const DEFAULT_FILE_NAME = '{activation}-{date}-{run}'

export const fileObject = defineObject<FilesConfig>({
  name: 'file',
  title: 'File',
  description:
    'A file for every run: all members (mode full), what changed (upsert, mirror), or who entered and left (append).',
  operations: ['upsert', 'remove', 'append', 'replace'],
  fields: {},
  openFields: true,
  batch: { records: 10_000, bytes: 8 << 20, expectedMs: 100 },
  idempotency: 'natural',
  undo: 'inverse',
  async write(context, batch) {
    const { config, activation, run } = context
    assertKept(config, batch.operation)
    const options = fileOptions(config)
    const rows = rowsOf(batch, config.change_column)
    const results = rows.map((row) => resultOf(row, options.types))
    const taken = rows.filter((_, index) => results[index]?.status === 'ok')
    const staged = staging(activation)
    // Also without rows: that the batch was written is what the end of the run looks for.
    const head = {
      operation: batch.operation,
      at: new Date().toISOString(),
      rejected: rows.length - taken.length,
    }
    const part = encodePart(head, taken, taken.length === 0 ? Object.keys(rows[0] ?? {}) : [])
    await withStore(context, staged.scratch, (store) =>
      store.write(partName(staged, run, batch.index), [part]),
    )
    return { results }
  },
  async finish(context, summary) {
    const { config, activation, run, signal } = context
    const staged = staging(activation)
    const input = {
      activation,
      run,
      signal,
      options: fileOptions(config),
      fileName: config.file_name ?? DEFAULT_FILE_NAME,
      latestName: config.latest_name,
    }
    await withStore(context, staged.scratch, (store) => finishRun(store, staged, input, summary))
  },
})

/** @throws ConnectorError ConfigInvalid where the next run's file would be put in place of this one's changes */
function assertKept(config: FilesConfig, operation: Operation): void {
  const template = config.file_name ?? DEFAULT_FILE_NAME
  if (operation !== 'replace' && !namesEachRun(template))
    throw new ConnectorError(
      'ConfigInvalid',
      'writing changes: each run would replace the file of the one before; put {run} into file_name, or use mode full',
    )
}

function resultOf(row: Row, types: ReturnType<typeof fileOptions>['types']): RecordResult {
  for (const [name, type] of types) {
    const value = row[name]
    if (value !== undefined && value !== null && misfit(value, type))
      return rejected(`${name} is no ${type}`, 'type')
  }
  return OK
}
