/**
 * For the tests: an SFTP server of version 3 without OpenSSH's extensions, as appliances have it, that logs in by password.
 * Files are in memory; what it is asked for follows draft-ietf-secsh-filexfer-02.
 */
import { createHash } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import ssh2, { type Connection, type SFTPWrapper } from 'ssh2'
import type { SftpConfig } from '../../config.js'
import type { Server } from '../server.testing.js'

const { OK, NO_SUCH_FILE, FAILURE, EOF } = ssh2.utils.sftp.STATUS_CODE
const FOLDER_MODE = 0o040755
const FILE_MODE = 0o100644

export interface PlainServer extends Server {
  readonly config: SftpConfig
  /** By path. */
  readonly files: ReadonlyMap<string, Buffer>
}

/** @param method how it wants the password: at once, or as the answer to a question */
export async function startPlainServer(method: 'password' | 'keyboard-interactive'): Promise<PlainServer> {
  const password = 'the-password-of-the-user'
  const key = ssh2.utils.generateKeyPairSync('ed25519')
  const parsed = ssh2.utils.parseKey(key.public)
  if (parsed instanceof Error) throw parsed
  const files = new Map<string, Buffer>()
  const folders = new Set(['.'])
  const server = new ssh2.Server({ hostKeys: [key.private] }, (connection: Connection) => {
    connection.on('error', () => undefined)
    connection.on('authentication', (attempt) => {
      if (attempt.method === 'password' && method === 'password' && attempt.password === password)
        return attempt.accept()
      if (attempt.method === 'keyboard-interactive' && method === 'keyboard-interactive')
        return attempt.prompt([{ prompt: 'Password: ', echo: false }], (answers) =>
          answers[0] === password ? attempt.accept() : attempt.reject(),
        )
      attempt.reject([method])
    })
    connection.on('session', (accept) => {
      accept().on('sftp', (acceptSftp) => serve(acceptSftp(), files, folders))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const shown = createHash('sha256').update(parsed.getPublicSSH()).digest('base64').replace(/=+$/, '')
  return {
    files,
    config: {
      host: '127.0.0.1',
      port: (server.address() as AddressInfo).port,
      user: 'acme',
      password,
      host_keys: [`SHA256:${shown}`],
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

function serve(sftp: SFTPWrapper, files: Map<string, Buffer>, folders: Set<string>): void {
  const handles = new Map<string, string>()
  const nameOf = (handle: Buffer): string => handles.get(handle.toString()) ?? ''
  const stat = (id: number, path: string): void => {
    const file = files.get(path)
    const mode = folders.has(path) ? FOLDER_MODE : FILE_MODE
    if (file === undefined && mode === FILE_MODE) sftp.status(id, NO_SUCH_FILE)
    else sftp.attrs(id, { mode, uid: 0, gid: 0, size: file?.length ?? 0, atime: 0, mtime: 0 })
  }
  sftp.on('OPEN', (id, path, flags) => {
    if ((flags & ssh2.utils.sftp.OPEN_MODE.CREAT) !== 0) files.set(path, Buffer.alloc(0))
    if (!files.has(path)) return sftp.status(id, NO_SUCH_FILE)
    const handle = String(handles.size)
    handles.set(handle, path)
    sftp.handle(id, Buffer.from(handle))
  })
  sftp.on('WRITE', (id, handle, offset, data) => {
    const old = files.get(nameOf(handle)) ?? Buffer.alloc(0)
    const next = Buffer.alloc(Math.max(old.length, offset + data.length))
    old.copy(next)
    data.copy(next, offset)
    files.set(nameOf(handle), next)
    sftp.status(id, OK)
  })
  sftp.on('READ', (id, handle, offset, length) => {
    const data = files.get(nameOf(handle))?.subarray(offset, offset + length)
    if (data === undefined || data.length === 0) return sftp.status(id, EOF)
    // A server may give less than it was asked for.
    sftp.data(id, data.subarray(0, Math.max(1, data.length >> 1)))
  })
  sftp.on('CLOSE', (id) => sftp.status(id, OK))
  sftp.on('STAT', stat)
  sftp.on('MKDIR', (id, path) => {
    if (folders.has(path)) return sftp.status(id, FAILURE)
    folders.add(path)
    sftp.status(id, OK)
  })
  sftp.on('REMOVE', (id, path) => sftp.status(id, files.delete(path) ? OK : NO_SUCH_FILE))
  sftp.on('RENAME', (id, from, to) => {
    const file = files.get(from)
    // "It is an error if there already exists a file with the name specified by newpath."
    if (file === undefined || files.has(to)) return sftp.status(id, FAILURE)
    files.delete(from)
    files.set(to, file)
    sftp.status(id, OK)
  })
}
