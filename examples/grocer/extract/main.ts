/**
 * Lays out data: `node dist/examples/grocer/extract/main.js PACKAGE_DIRECTORY OUT_DIRECTORY [--full]`. Without `--full` it
 * makes the extract that stands in git. A process of its own, because the engine keeps its memory.
 */
import { layOut } from './lay-out.js'
import { EVERYTHING, EXTRACT } from './selection.js'

const [packageDirectory, outDirectory, mode] = process.argv.slice(2)
if (packageDirectory === undefined || outDirectory === undefined) {
  console.error('usage: main.js PACKAGE_DIRECTORY OUT_DIRECTORY [--full]')
  process.exit(2)
}
const selection = mode === '--full' ? EVERYTHING : EXTRACT
await layOut({ packageDirectory, outDirectory, selection, log: (message) => console.log(message) })
