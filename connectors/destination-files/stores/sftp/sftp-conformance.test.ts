import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describeDestination } from '@tributary/connector-sdk/testing'
import type { SftpConfig } from '../../config.js'
import { heldRecords } from '../../held-records.testing.js'
import destination from '../../index.js'
import { FILE_CASE } from '../../samples.testing.js'
import type { FilesConfig } from '../../spec.js'
import { skipWithout } from '../server.testing.js'
import { SSHD_REMEDY, type Sshd, startSshd } from './sshd.testing.js'

describe('destination-files into a folder of an SFTP server', () => {
  let server: Sshd
  before(async function () {
    this.timeout(60_000)
    const started = await startSshd()
    if (started === undefined) skipWithout(this, 'OpenSSH', SSHD_REMEDY)
    else server = started
  })

  describeDestination<FilesConfig>(destination, {
    objects: [FILE_CASE],
    speaks: 'tcp',
    async start() {
      const configOf = (sftp: Partial<SftpConfig> = {}): FilesConfig => ({
        location: { sftp: { ...server.config, ...sftp } },
        format: 'parquet',
      })
      const another = `SHA256:${'A'.repeat(43)}`
      return {
        config: configOf(),
        tcp: {
          host: '127.0.0.1',
          port: server.port,
          configFor: (host, port) => configOf({ host, port }),
        },
        badConfigs: [
          { title: 'another host key', config: configOf({ host_keys: [another] }), kind: 'ConfigInvalid' },
          { title: 'an unknown user', config: configOf({ user: 'nobody-here' }), kind: 'AuthExpired' },
          { title: 'no key that can be read', config: configOf({ private_key: 'x' }), kind: 'ConfigInvalid' },
          {
            title: 'no such folder',
            config: configOf({ folder: join(server.folder, 'nowhere') }),
            kind: 'ConfigInvalid',
          },
        ],
        async holdings(_, operation) {
          const names = (await readdir(server.folder)).filter((name) => !name.startsWith('.'))
          const files = await Promise.all(
            names.map(async (name) => ({ name, bytes: await readFile(join(server.folder, name)) })),
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
