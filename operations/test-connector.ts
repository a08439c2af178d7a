/** `tributary connector test`: compiles a connector package and runs its mocha suite. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface TestConnectorResult {
  readonly directory: string
  readonly ok: boolean
  readonly seconds: number
}

/**
 * Runs the package's own `npm test`; its words go to stdout, or to stderr where stdout belongs to a result.
 * @throws when the folder is no package with a test script
 */
export async function testConnector(directory: string, toStderr: boolean): Promise<TestConnectorResult> {
  const text = await readFile(join(directory, 'package.json'), 'utf8').catch((error: unknown) => {
    throw new Error(`testing ${directory}: there is no package.json; name the folder of a connector`, {
      cause: error,
    })
  })
  const { scripts } = JSON.parse(text) as { readonly scripts?: { readonly test?: string } }
  if (scripts?.test === undefined) {
    throw new Error(
      `testing ${directory}: its package.json has no script test; write "test": "tsc -p . && mocha 'dist/test/*.test.js'"`,
    )
  }
  const startedAt = performance.now()
  const npm = spawn('npm', ['test', '--silent'], {
    cwd: directory,
    stdio: ['ignore', toStderr ? process.stderr : 'inherit', 'inherit'],
  })
  const [code] = (await once(npm, 'exit')) as [number | null]
  return { directory, ok: code === 0, seconds: Math.round(performance.now() - startedAt) / 1000 }
}
