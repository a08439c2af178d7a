/** Files of a local folder. Symbolic links are followed inside the folder and never out of it. */
import { constants, type Dirent } from 'node:fs'
import { access, open, readdir, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { ConnectorError, type ConnectorLog } from '@tributary/connector-sdk'
import { fileError } from './errors.js'
import type { FileEntry, FileLocation, LocalFile } from './location.js'

/** Opens the folder at this absolute path. Hidden files and folders (a leading dot) are left out. */
export function folderLocation(folder: string, log: ConnectorLog): FileLocation {
  const root = async (): Promise<string> => {
    try {
      const path = await realpath(folder)
      if (!(await stat(path)).isDirectory())
        throw new ConnectorError(
          'ConfigInvalid',
          'opening the folder: it is a file; name the folder that holds it',
        )
      await access(path, constants.R_OK | constants.X_OK)
      return path
    } catch (error) {
      throw fileError('opening the folder', error, 'ConfigInvalid')
    }
  }
  const locate = async (entry: FileEntry): Promise<string> => {
    const base = await root()
    try {
      const path = await realpath(join(base, entry.name))
      if (!isInside(base, path))
        throw new ConnectorError('PermissionDenied', `opening ${entry.name}: it links out of the folder`)
      return path
    } catch (error) {
      throw fileError(`opening ${entry.name}`, error)
    }
  }
  return {
    check: async () => void (await root()),
    list: async () => {
      const base = await root()
      const entries: FileEntry[] = []
      await walk({ base, directory: base, prefix: '', above: new Set([base]), entries, log })
      return entries
    },
    slice: async (entry, start, end) => {
      const path = await locate(entry)
      try {
        return await readSlice(path, start, end)
      } catch (error) {
        throw fileError(`reading ${entry.name}`, error)
      }
    },
    open: async (entry) => openLocal(await locate(entry), entry),
  }
}

async function openLocal(path: string, entry: FileEntry): Promise<LocalFile> {
  const version = async (): Promise<string> => {
    try {
      return versionOf(await stat(path))
    } catch (error) {
      throw fileError(`reading ${entry.name}`, error)
    }
  }
  const changed = (): ConnectorError =>
    new ConnectorError(
      'SourceUnavailable',
      `reading ${entry.name}: the file changed meanwhile; it is read again when it rests`,
    )
  if ((await version()) !== entry.version) throw changed()
  return {
    path,
    bytes: entry.bytes ?? 0,
    version: entry.version ?? '',
    verify: async () => {
      if ((await version()) !== entry.version) throw changed()
    },
    release: () => Promise.resolve(),
  }
}

interface Walk {
  readonly base: string
  readonly directory: string
  readonly prefix: string
  /** Real paths of the folders above: a link to one of them would never end. */
  readonly above: ReadonlySet<string>
  readonly entries: FileEntry[]
  readonly log: ConnectorLog
}

async function walk(at: Walk): Promise<void> {
  let children: Dirent[]
  try {
    children = await readdir(at.directory, { withFileTypes: true })
  } catch (error) {
    throw fileError(`listing ${at.prefix || 'the folder'}`, error)
  }
  for (const child of children) {
    if (child.name.startsWith('.')) continue
    const name = at.prefix + child.name
    const path = child.isSymbolicLink()
      ? await followLink(at, name, child.name)
      : join(at.directory, child.name)
    if (path === undefined) continue
    const found = await stat(path).catch(() => undefined)
    if (found?.isDirectory()) {
      if (at.above.has(path)) continue
      await walk({ ...at, directory: path, prefix: `${name}/`, above: new Set([...at.above, path]) })
    } else if (found?.isFile()) {
      at.entries.push({ name, bytes: found.size, modifiedMs: found.mtimeMs, version: versionOf(found) })
    }
  }
}

async function followLink(at: Walk, name: string, child: string): Promise<string | undefined> {
  try {
    const path = await realpath(join(at.directory, child))
    if (isInside(at.base, path)) return path
    at.log.warn('link leaves the folder and is not followed', { name })
  } catch {
    at.log.warn('link leads nowhere', { name })
  }
  return undefined
}

function isInside(base: string, path: string): boolean {
  return path === base || path.startsWith(base.endsWith(sep) ? base : base + sep)
}

function versionOf(found: { size: number; mtimeMs: number }): string {
  return `${found.size}-${found.mtimeMs}`
}

/** Bytes `start <= i < end` of a file on this machine. */
export async function readSlice(path: string, start: number, end: number): Promise<Buffer> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const buffer = Buffer.alloc(Math.max(0, Math.min(end, size) - start))
    let length = 0
    while (length < buffer.length) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length, start + length)
      if (bytesRead === 0) break
      length += bytesRead
    }
    return buffer.subarray(0, length)
  } finally {
    await file.close()
  }
}
