/** PostgreSQL refuses to run as root; this picks the user it runs as instead, and gives that user what it needs. */
import { chown, readdir, readFile, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

export interface ServerUser {
  readonly uid: number
  readonly gid: number
}

/** The user for the server when this process is root (`postgres`, else `nobody`), or undefined when this process's own user will do. */
export async function serverUser(): Promise<ServerUser | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => ''))
    .split('\n')
    .map((line) => line.split(':'))
  for (const name of ['postgres', 'nobody']) {
    const entry = lines.find((fields) => fields[0] === name)
    if (entry) return { uid: Number(entry[2]), gid: Number(entry[3]) }
  }
  return { uid: 65534, gid: 65534 }
}

/** Whether users other than the owner may read the path and enter every folder above it. */
export async function isReachableByOthers(path: string): Promise<boolean> {
  const { mode } = await stat(path)
  if ((mode & 0o005) !== 0o005) return false
  for (let dir = resolve(path); dir !== dirname(dir); dir = dirname(dir)) {
    if (((await stat(dirname(dir))).mode & 0o001) === 0) return false
  }
  return true
}

/** Gives the folder and all in it to the user. */
export async function giveTo(user: ServerUser, path: string): Promise<void> {
  await chown(path, user.uid, user.gid)
  for (const entry of await readdir(path, { withFileTypes: true, recursive: true })) {
    if (!entry.isSymbolicLink()) await chown(join(entry.parentPath, entry.name), user.uid, user.gid)
  }
}
