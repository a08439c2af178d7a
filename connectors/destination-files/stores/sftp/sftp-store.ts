/** Files of a folder at an SFTP server. A file is written under another name and renamed when it is whole. */
import { randomUUID } from 'node:crypto'
import { dirname, posix } from 'node:path'
import { Readable } from 'node:stream'
import { type ConnectorContext, ConnectorError } from '@tributary/connector-sdk'
import type { FileEntryWithStats, SFTPWrapper, Stats } from 'ssh2'
import type { SftpConfig } from '../../config.js'
import type { Store } from '../store.js'
import { SftpStatus, sftpError, statusOf } from './sftp-errors.js'
import { type Done, openSession } from './sftp-session.js'
import { readFile, writeFile } from './transfer.js'

type Send<T> = (sftp: SFTPWrapper, done: Done<T>) => void

/**
 * Logs in; {@link Store.close} logs out.
 * @param scratch where files are before they are whole, below the folder
 */
export async function sftpStore(
  config: SftpConfig,
  context: ConnectorContext<unknown>,
  scratch: string,
): Promise<Store> {
  const session = await openSession(config, context)
  const path = (name: string): string => posix.join(config.folder ?? '.', name)
  const made = new Set<string>()

  /** One request; its error says what was done. */
  const ask = async <T>(action: string, send: Send<T>): Promise<T> => {
    try {
      return await session.request(send)
    } catch (error) {
      context.signal.throwIfAborted()
      throw sftpError(action, error)
    }
  }
  /** One request; undefined where it fails with one of these statuses. */
  const tryTo = async <T>(
    action: string,
    statuses: readonly number[],
    send: Send<T>,
  ): Promise<T | undefined> => {
    try {
      return await session.request(send)
    } catch (error) {
      if (statuses.includes(statusOf(error) ?? -1)) return undefined
      context.signal.throwIfAborted()
      throw sftpError(action, error)
    }
  }
  const { noSuchFile, failure } = SftpStatus
  const stat = (name: string): Promise<Stats | undefined> =>
    tryTo<Stats>(`looking for ${name}`, [noSuchFile], (sftp, done) => sftp.stat(path(name), done))
  const makeFolder = async (name: string): Promise<void> => {
    if (name === '.' || made.has(name)) return
    await makeFolder(dirname(name))
    // That it exists is a failure like others: whether it does is asked afterwards.
    const mode = name.startsWith('.') ? { mode: 0o700 } : {}
    await tryTo<void>(`making the folder ${name}`, [failure, 11], (sftp, done) =>
      sftp.mkdir(path(name), mode, (error) => done(error)),
    )
    if (!(await stat(name))?.isDirectory())
      throw new ConnectorError(
        'ConfigInvalid',
        `making the folder ${name}: a file has its name; choose another`,
      )
    made.add(name)
  }
  const unlink = (name: string): Promise<void> =>
    tryTo<void>(`removing ${name}`, [noSuchFile], (sftp, done) =>
      sftp.unlink(path(name), (error) => done(error)),
    ).then(() => undefined)
  const open = (name: string, flags: 'r' | 'wx'): Promise<Buffer> =>
    ask<Buffer>(`opening ${name}`, (sftp, done) => sftp.open(path(name), flags, done))
  const closeHandle = (handle: Buffer): Promise<void> =>
    ask<void>('closing a file', (sftp, done) => sftp.close(handle, (error) => done(error)))
  const readdir = (folder: string): Promise<FileEntryWithStats[] | undefined> =>
    tryTo<FileEntryWithStats[]>(`listing ${folder}`, [noSuchFile], (sftp, done) =>
      sftp.readdir(path(folder), done),
    )
  const list = async (folder: string): Promise<string[]> => {
    const names: string[] = []
    for (const { filename, attrs } of (await readdir(folder)) ?? []) {
      const name = `${folder}/${filename}`
      if (attrs.isDirectory()) names.push(...(await list(name)))
      else if (attrs.isFile()) names.push(name)
    }
    return names
  }
  async function* bytesOf(name: string): AsyncGenerator<Buffer> {
    const handle = await open(name, 'r')
    try {
      yield* readFile(session, handle)
    } catch (error) {
      throw sftpError(`reading ${name}`, error)
    } finally {
      await closeHandle(handle).catch(() => undefined)
    }
  }
  /** Puts `from` in the place of `to`. */
  const rename = async (from: string, to: string): Promise<void> => {
    const renamed = await supported(() =>
      ask<true>(`writing ${to}`, (sftp, done) =>
        sftp.ext_openssh_rename(path(from), path(to), (error) => done(error as Error | undefined, true)),
      ),
    )
    if (renamed) return
    // A server without that extension does not replace: for a moment the old file is gone and the new one not there.
    await unlink(to)
    await ask<void>(`writing ${to}`, (sftp, done) =>
      sftp.rename(path(from), path(to), (error) => done(error)),
    )
  }
  const store: Store = {
    async check() {
      const found = await stat('.')
      if (found?.isDirectory()) return
      throw new ConnectorError(
        'ConfigInvalid',
        'opening the folder: it does not exist at the server; correct folder or create it',
      )
    },
    list,
    read: async (name) => Readable.from(bytesOf(name), { objectMode: false }),
    async get(name) {
      if ((await stat(name)) === undefined) return undefined
      const chunks: Buffer[] = []
      for await (const chunk of bytesOf(name)) chunks.push(chunk)
      return Buffer.concat(chunks)
    },
    async write(name, chunks) {
      const temporary = `${scratch}/${randomUUID()}`
      await makeFolder(scratch)
      await makeFolder(dirname(name))
      const handle = await open(temporary, 'wx')
      try {
        await writeFile(session, handle, chunks)
        await supported(() =>
          ask<true>(`writing ${name}`, (sftp, done) =>
            sftp.ext_openssh_fsync(handle, (error) => done(error as Error | undefined, true)),
          ),
        )
        await closeHandle(handle)
        await rename(temporary, name)
      } catch (error) {
        await closeHandle(handle).catch(() => undefined)
        await unlink(temporary).catch(() => undefined)
        context.signal.throwIfAborted()
        throw sftpError(`writing ${name}`, error)
      }
    },
    copy: (from, to) => store.write(to, bytesOf(from)),
    async remove(names) {
      for (const name of names) await unlink(name)
    },
    async tidy() {
      for (const name of await list(scratch)) await unlink(name)
      const runs = `${dirname(scratch)}/runs`
      const folders = ((await readdir(runs)) ?? []).filter(({ attrs }) => attrs.isDirectory())
      // One that has something in it stays.
      for (const folder of [...folders.map(({ filename }) => `${runs}/${filename}`), runs, scratch])
        await tryTo<void>(`removing ${folder}`, [noSuchFile, failure, 18], (sftp, done) =>
          sftp.rmdir(path(folder), (error) => done(error)),
        )
    },
    close: () => session.close(),
  }
  return store
}

/** The answer; undefined where the server lacks the extension. */
async function supported<T>(request: () => Promise<T>): Promise<T | undefined> {
  try {
    return await request()
  } catch (error) {
    const { cause } = error as Error
    const lacking = statusOf(cause) === SftpStatus.unsupported
    if (lacking || (cause instanceof Error && cause.message.includes('does not support'))) return undefined
    throw error
  }
}
