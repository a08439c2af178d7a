import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describeDestination } from '@tributary/connector-sdk/testing'
import { heldRecords } from '../../held-records.testing.js'
import destination from '../../index.js'
import { FILE_CASE } from '../../samples.testing.js'
import type { FilesConfig } from '../../spec.js'
import { skipWithout } from '../server.testing.js'
import { RCLONE_REMEDY, type S3Server, startS3Server } from './rclone.testing.js'

describe('destination-files into an S3-compatible store', () => {
  let server: S3Server
  before(async function () {
    this.timeout(180_000)
    const started = await startS3Server()
    if (started === undefined) skipWithout(this, "rclone's S3 server", RCLONE_REMEDY)
    else server = started
  })

  describeDestination<FilesConfig>(destination, {
    objects: [FILE_CASE],
    speaks: 'http',
    async start() {
      const configOf = (s3: Partial<S3Server['config']> = {}): FilesConfig => ({
        location: { s3: { ...server.config, prefix: 'crm', ...s3 } },
        format: 'ndjson',
        compression: 'gzip',
      })
      const folder = join(server.folder, 'crm')
      return {
        config: configOf(),
        http: { url: server.url, configFor: (endpoint) => configOf({ endpoint }) },
        badConfigs: [
          { title: 'no such bucket', config: configOf({ bucket: 'nowhere' }), kind: 'ConfigInvalid' },
          { title: 'a wrong secret', config: configOf({ secret_access_key: 'wrong' }), kind: 'AuthExpired' },
          { title: 'an unknown key', config: configOf({ access_key_id: 'nobody' }), kind: 'AuthExpired' },
        ],
        async holdings(_, operation) {
          const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
          const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name)
          const files = await Promise.all(
            names.map(async (name) => ({ name, bytes: await readFile(join(folder, name)) })),
          )
          return heldRecords(files, operation, ['email'])
        },
        async clear() {
          await rm(server.folder, { recursive: true, force: true })
          await mkdir(server.folder)
        },
        stop: () => server.stop(),
      }
    },
  })
})
