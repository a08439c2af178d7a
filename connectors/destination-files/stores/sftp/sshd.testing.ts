/** For the tests: OpenSSH's own server, for this user, with keys made for the occasion. */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { SftpConfig } from '../../config.js'
import { findProgram, type Server, startServer } from '../server.testing.js'

const run = promisify(execFile)

export interface Sshd extends Server {
  readonly port: number
  /** A config that finds the folder below as `folder`. */
  readonly config: SftpConfig
  /** The folder of the files, on this machine. */
  readonly folder: string
}

export const SSHD_REMEDY = 'install openssh-server'

/** The server, or undefined where openssh-server is not installed. */
export async function startSshd(): Promise<Sshd | undefined> {
  const sshd = await findProgram('sshd', '/usr/sbin/sshd', '/usr/local/sbin/sshd', '/opt/homebrew/sbin/sshd')
  if (sshd === undefined) return undefined
  // Started by root it wants this folder, which only the system's own service makes.
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 })
  const root = await mkdtemp(join(tmpdir(), 'tributary-sshd-'))
  const folder = join(root, 'files')
  await mkdir(folder)
  const keygen = (name: string, type: string): Promise<unknown> =>
    run('ssh-keygen', ['-q', '-t', type, '-N', '', '-f', join(root, name)])
  await keygen('host', 'ed25519')
  await keygen('user', 'ed25519')
  await writeFile(join(root, 'authorized_keys'), await readFile(join(root, 'user.pub')))
  const { stdout } = await run('ssh-keygen', ['-l', '-f', join(root, 'host.pub')])
  const port = await freePort()
  const settings = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${join(root, 'host')}`,
    `PidFile ${join(root, 'pid')}`,
    `AuthorizedKeysFile ${join(root, 'authorized_keys')}`,
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'PermitRootLogin yes',
    'Subsystem sftp internal-sftp',
  ]
  await writeFile(join(root, 'config'), `${settings.join('\n')}\n`)
  const server = await startServer(sshd, ['-D', '-e', '-f', join(root, 'config')], process.env, (output) =>
    output.includes('Server listening on') ? true : undefined,
  )
  return {
    port,
    folder,
    config: {
      host: '127.0.0.1',
      port,
      user: userInfo().username,
      host_keys: [/SHA256:\S+/.exec(stdout)![0]],
      private_key: await readFile(join(root, 'user'), 'utf8'),
      folder,
    },
    async stop() {
      await server.stop()
      await rm(root, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
