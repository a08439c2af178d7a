/** Files of a local folder. Nothing is written through a link that leaves it. */
import { randomUUID } from 'node:crypto'
import { constants, createReadStream } from 'node:fs'
import {
  access,
  copyFile,
  mkdir,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  rmdir,
  stat,
} from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, sep } from 'node:path'
import { ConnectorError } from '@tributary/connector-sdk'
import { errorCode, fileError } from './file-error.js'
import type { Store } from './store.js'

const READ_BYTES = 1 << 20

export interface FolderPlace {
  /** The folder, absolute. */
  readonly folder: string
  /** Made where it does not exist. An absolute path is not: a disk that is not mounted must not be filled in its place. */
  readonly create: boolean
}

/**
 * The folder of a config. A relative path starts at the workspace and stays in it.
 * @throws ConnectorError ConfigInvalid where it leaves the workspace
 */
export function folderPlace(path: string, resolvePath: (path: string) => string): FolderPlace {
  const folder = resolvePath(path)
  if (isAbsolute(path)) return { folder, create: false }
  const below = relative(resolvePath('.'), folder)
  if (below === '..' || below.startsWith(`..${sep}`) || isAbsolute(below))
    throw new ConnectorError(
      'ConfigInvalid',
      'opening the folder: a relative path must stay in the workspace; write an absolute path for another place',
    )
  return { folder, create: true }
}

/** @param scratch where files are before they are whole, below the folder */
export function folderStore(place: FolderPlace, scratch: string): Store {
  const root = async (): Promise<string> => {
    try {
      if (place.create) await mkdir(place.folder, { recursive: true })
      return await realpath(place.folder)
    } catch (error) {
      throw fileError('opening the folder', error)
    }
  }
  /** The path of a name; its folder exists, and is in the location whatever links it goes through. */
  const prepare = async (name: string, mode?: number): Promise<string> => {
    const base = await root()
    const path = join(base, name)
    await mkdir(dirname(path), { recursive: true, ...(mode !== undefined && { mode }) })
    const real = await realpath(dirname(path))
    if (real !== base && !real.startsWith(base.endsWith(sep) ? base : base + sep))
      throw new ConnectorError('PermissionDenied', `writing ${name}: its folder links out of the location`)
    return path
  }
  /** What `fill` makes of an empty file, in place of the named one. */
  const replace = async (name: string, fill: (temporary: string) => Promise<void>): Promise<void> => {
    let temporary: string | undefined
    try {
      // The staging holds data of people that is not to be read before it is whole.
      temporary = await prepare(`${scratch}/${randomUUID()}`, 0o700)
      await fill(temporary)
      const path = await prepare(name, name.startsWith('.') ? 0o700 : undefined)
      await rename(temporary, path)
      await syncFolder(dirname(path))
    } catch (error) {
      if (temporary !== undefined) await rm(temporary, { force: true }).catch(() => undefined)
      throw fileError(`writing ${name}`, error)
    }
  }
  return {
    check: () => checkFolder(place),
    async list(folder) {
      const base = await root()
      const entries = await readdir(join(base, folder), { recursive: true, withFileTypes: true }).catch(
        (error) => {
          if (errorCode(error) === 'ENOENT') return []
          throw fileError(`listing ${folder}`, error)
        },
      )
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => relative(base, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
    },
    async read(name) {
      const path = join(await root(), name)
      await access(path, constants.R_OK).catch((error) => {
        throw fileError(`reading ${name}`, error)
      })
      return createReadStream(path, { highWaterMark: READ_BYTES })
    },
    async get(name) {
      try {
        return await readFile(join(await root(), name))
      } catch (error) {
        if (errorCode(error) === 'ENOENT') return undefined
        throw fileError(`reading ${name}`, error)
      }
    },
    write: (name, chunks) =>
      replace(name, async (temporary) => {
        const file = await open(temporary, 'wx')
        try {
          for await (const chunk of chunks) await file.writeFile(chunk)
          await file.sync()
        } finally {
          await file.close()
        }
      }),
    copy: (from, to) =>
      replace(to, async (temporary) => {
        await copyFile(join(await root(), from), temporary, constants.COPYFILE_EXCL)
        const file = await open(temporary, 'r+')
        await file.sync().finally(() => file.close())
      }),
    async remove(names) {
      const base = await root()
      for (const name of names)
        await rm(join(base, name), { force: true }).catch((error) => {
          throw fileError(`removing ${name}`, error)
        })
    },
    async tidy() {
      const base = await root()
      await rm(join(base, scratch), { recursive: true, force: true })
      await removeEmpty(join(base, dirname(scratch), 'runs'))
    },
    close: () => Promise.resolve(),
  }
}

async function checkFolder({ folder, create }: FolderPlace): Promise<void> {
  try {
    let path = folder
    // What would be made needs a writable folder above it.
    while (create && (await stat(path).catch(() => undefined)) === undefined && dirname(path) !== path)
      path = dirname(path)
    if (!(await stat(path)).isDirectory())
      throw new ConnectorError('ConfigInvalid', 'opening the folder: it is a file; name a folder')
    await access(path, constants.W_OK | constants.X_OK)
  } catch (error) {
    throw fileError('opening the folder', error)
  }
}

/** Makes a rename in the folder survive a loss of power. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  await handle.sync().finally(() => handle.close())
}

/** Removes the folder's empty folders, and itself when nothing is left. */
async function removeEmpty(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  for (const entry of entries)
    if (entry.isDirectory()) await rmdir(join(folder, entry.name)).catch(() => undefined)
  await rmdir(folder).catch(() => undefined)
}
