/** The bundle of workflow code that the build made, and the proof that it belongs to this build. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'

export interface BundleRecord {
  readonly sdkVersion: string
  readonly sha256: string
}

export class BundleMismatch extends Error {
  override readonly name = 'BundleMismatch'
}

/** The code of `workflow-bundle.js` beside its record. Throws BundleMismatch with the remedy. */
export async function readWorkflowBundle(path: string, sdkVersion: string): Promise<string> {
  const [code, record] = await Promise.all([readFile(path, 'utf8'), readFile(`${path}.json`, 'utf8')]).catch(
    () => {
      throw new BundleMismatch(`loading the workflows: there is no bundle at ${path}; run \`npm run build\``)
    },
  )
  const { sdkVersion: builtWith, sha256 } = JSON.parse(record) as BundleRecord
  if (builtWith !== sdkVersion) {
    throw new BundleMismatch(
      `loading the workflows: the bundle was built with SDK ${builtWith}, this is ${sdkVersion}; run \`npm run build\``,
    )
  }
  if (createHash('sha256').update(code).digest('hex') !== sha256) {
    throw new BundleMismatch(
      'loading the workflows: the bundle is not the one that was built; run `npm run build`',
    )
  }
  return code
}
