/** Bundles the workflows for the worker, with a record by which the worker knows that they belong together. */
import { createHash } from 'node:crypto'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode } from '@temporalio/worker'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const target = join(root, 'dist', 'workflow-bundle.js')
const { version: sdkVersion } = createRequire(import.meta.url)('@temporalio/worker/package.json')

if (process.argv.includes('--force') || !(await isFresh())) {
  const { code: bundle } = await bundleWorkflowCode({
    workflowsPath: join(root, 'dist', 'workflows', 'index.js'),
    logger: { log() {}, trace() {}, debug() {}, info() {}, warn: console.warn, error: console.error },
  })
  const code = toAscii(withoutSources(bundle))
  await writeFile(target, code)
  const sha256 = createHash('sha256').update(code).digest('hex')
  await writeFile(`${target}.json`, `${JSON.stringify({ sdkVersion, sha256 })}\n`)
}

/** Keeps the map from places to files, for stack traces, and drops the text of the files: the worker holds several copies. */
function withoutSources(bundle) {
  return bundle.replace(
    /(\/\/# sourceMappingURL=data:application\/json;[^,]*base64,)([\w+/=]+)\s*$/,
    (_, head, map) => {
      const { sourcesContent, ...rest } = JSON.parse(Buffer.from(map, 'base64').toString())
      return head + Buffer.from(JSON.stringify(rest)).toString('base64')
    },
  )
}

/** One character outside Latin-1 makes V8 keep the whole text in two bytes a character. */
function toAscii(bundle) {
  return bundle.replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** True when no input is newer than the bundle: the build is run often. */
async function isFresh() {
  try {
    const record = JSON.parse(await readFile(`${target}.json`, 'utf8'))
    const built = (await stat(`${target}.json`)).mtimeMs
    const inputs = [join(root, 'dist', 'workflows'), join(root, 'schemas', 'dist')]
    const files = (
      await Promise.all(
        inputs.map(async (folder) => (await readdir(folder)).map((file) => join(folder, file))),
      )
    ).flat()
    const newest = Math.max(...(await Promise.all(files.map(async (file) => (await stat(file)).mtimeMs))))
    return record.sdkVersion === sdkVersion && newest < built
  } catch {
    return false
  }
}
