import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeDestination } from '@tributary/connector-sdk/testing'
import { heldRecords } from './held-records.testing.js'
import destination from './index.js'
import { FILE_CASE } from './samples.testing.js'
import type { FilesConfig } from './spec.js'

for (const format of ['ndjson', 'parquet'] as const)
  describe(`destination-files into a folder as ${format}`, () => {
    describeDestination<FilesConfig>(destination, {
      ...(format === 'ndjson' && { packageOf: import.meta.url }),
      objects: [FILE_CASE],
      async start() {
        const folder = await mkdtemp(join(tmpdir(), 'tributary-written-'))
        const file = `${folder}-file`
        await writeFile(file, '')
        return {
          config: { location: { folder }, format },
          badConfigs: [
            {
              title: 'a folder that does not exist',
              config: { location: { folder: join(folder, 'nowhere') } },
              kind: 'ConfigInvalid',
            },
            { title: 'a file', config: { location: { folder: file } }, kind: 'ConfigInvalid' },
            {
              title: 'a way out of the workspace',
              config: { location: { folder: '../elsewhere' } },
              kind: 'ConfigInvalid',
            },
            {
              title: 'an unknown part of a name',
              config: { location: { folder }, file_name: '{nothing}' },
              kind: 'ConfigInvalid',
            },
          ],
          async holdings(_, operation) {
            const names = (await readdir(folder)).filter((name) => !name.startsWith('.'))
            const files = await Promise.all(
              names.map(async (name) => ({ name, bytes: await readFile(join(folder, name)) })),
            )
            return heldRecords(files, operation, ['email'])
          },
          async clear() {
            await rm(folder, { recursive: true })
            await mkdir(folder)
          },
          async stop() {
            await rm(folder, { recursive: true, force: true })
            await rm(file, { force: true })
          },
        }
      },
    })
  })
