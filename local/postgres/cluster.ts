/** Makes the cluster's files and knows how its programs are run: whose user, which environment, which way to the data folder. */
import { access, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describeExit, type ManagedProcess, startProcess } from '../process.js'
import { giveTo, type ServerUser } from './server-user.js'

export interface Cluster {
  readonly binDir: string
  /** Holds `cluster/` (the data folder), the log and the certificate. */
  readonly home: string
  readonly runAs: ServerUser | undefined
}

/**
 * Starts one of PostgreSQL's programs on the data folder.
 * Another user may not be allowed into the folders above it; on Linux an open descriptor of the folder is as good as a path.
 * Nothing of this process's environment (PGDATA, PGPORT …) reaches the program, and its messages are in English.
 */
export function startProgram(
  { binDir, home, runAs }: Cluster,
  program: string,
  args: readonly string[],
): Promise<ManagedProcess> {
  const dataDir = join(home, 'cluster')
  const throughDescriptor = runAs !== undefined && process.platform === 'linux'
  return startProcess({
    name: 'PostgreSQL',
    command: join(binDir, program),
    args: ['-D', throughDescriptor ? '/proc/self/fd/3' : dataDir, ...args],
    env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
    cwd: '/',
    ...(throughDescriptor && { openFolder: dataDir }),
    ...runAs,
    logFile: join(home, 'server.log'),
    stopSignal: 'SIGINT',
  })
}

/** Whether the cluster has been made completely. */
export async function isInitialised({ home }: Cluster): Promise<boolean> {
  return access(join(home, 'initialised')).then(
    () => true,
    () => false,
  )
}

/** Makes the cluster with one superuser; what an interrupted attempt left is removed first. */
export async function initialise(cluster: Cluster, user: string, password: string): Promise<void> {
  const { home, runAs } = cluster
  const dataDir = join(home, 'cluster')
  const passwordFile = join(home, 'password')
  await rm(dataDir, { recursive: true, force: true })
  await mkdir(dataDir, { mode: 0o700 })
  await writeFile(passwordFile, password, { mode: 0o600 })
  if (runAs) await giveTo(runAs, home)
  try {
    const initdb = await startProgram(cluster, 'initdb', [
      ...[`--username=${user}`, '--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-sync'],
      `--pwfile=${runAs && process.platform === 'linux' ? '/proc/self/fd/3/../password' : passwordFile}`,
    ])
    const exit = await initdb.exited
    if (exit.code !== 0) {
      throw new Error(`making a PostgreSQL cluster: initdb failed (${describeExit(exit)})\n${initdb.tail()}`)
    }
  } finally {
    await rm(passwordFile, { force: true })
  }
  await writeFile(join(home, 'initialised'), '')
}
