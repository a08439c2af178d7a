/** Files destination: CSV, NDJSON and Parquet into a folder, an S3-compatible store or an SFTP server. */
import { type ConnectorContext, defineDestination } from '@tributary/connector-sdk'
import { fileOptions } from './config.js'
import { DEFAULT_FILE_NAME, fileObject } from './file-object.js'
import { fileName } from './naming/file-name.js'
import { type FilesConfig, spec } from './spec.js'
import { withStore } from './stores/open-store.js'

export default defineDestination<FilesConfig>({
  spec,
  check: async (context) => {
    checkNames(context)
    await withStore(context, '', (store) => store.check())
  },
  objects: [fileObject],
})

function checkNames({ config }: ConnectorContext<FilesConfig>): void {
  const { ending } = fileOptions(config)
  const example = { activation: 'activation', run: 'run', at: new Date(0).toISOString() }
  for (const template of [config.file_name ?? DEFAULT_FILE_NAME, config.latest_name])
    if (template !== undefined) fileName(template, ending, example)
}
