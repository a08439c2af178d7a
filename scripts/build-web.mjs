/**
 * Builds the page into dist/web, unless nothing that goes into it has changed since. `--force` builds it anyway. Beside each
 * file that is text lies its compressed form, which the server sends where a browser takes it.
 */
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'

const root = fileURLToPath(new URL('..', import.meta.url))
const web = join(root, 'web')
const target = join(root, 'dist', 'web')

if (process.argv.includes('--force') || !(await isFresh())) {
  try {
    // The page's packages are its own workspace's: its build tool is found from there.
    const { build } = await import(join(web, 'node_modules', 'vite', 'dist', 'node', 'index.js'))
    await build({ root: web, logLevel: 'warn' })
    await compressAll()
  } catch (error) {
    console.error(`building the page: ${error.message}`)
    process.exitCode = 1
  }
}

async function compressAll() {
  const texts = (await filesOf(target)).filter((file) => /\.(js|css|svg)$/.test(file))
  await Promise.all(texts.map(compress))
}

async function compress(file) {
  const text = await readFile(file)
  await writeFile(`${file}.br`, await promisify(brotliCompress)(text))
  await writeFile(`${file}.gz`, await promisify(gzip)(text, { level: 9 }))
}

/** True when no input is newer than the built page: the build is run often. */
async function isFresh() {
  try {
    const built = (await stat(join(target, 'index.html'))).mtimeMs
    const inputs = [
      join(root, 'package-lock.json'),
      ...(await readdir(web))
        .filter((name) => /^index\.html$|\.ts$|^package\.json$/.test(name))
        .map((name) => join(web, name)),
      ...(await filesOf(join(web, 'src'))),
      ...(await filesOf(join(web, 'public'))),
    ]
    const times = await Promise.all(inputs.map(async (file) => (await stat(file)).mtimeMs))
    return Math.max(...times) < built
  } catch {
    return false
  }
}

/** A folder's files, and the folders themselves: one that lost a file is newer. */
async function filesOf(folder) {
  const entries = await readdir(folder, { recursive: true })
  return [folder, ...entries.map((entry) => join(folder, entry))]
}
