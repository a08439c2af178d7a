/** What was laid out, counted by the engine as it was written: the figures that the warehouse is checked against. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface FileFigures {
  readonly rows: number
  /** Sums of some columns, to two decimals. */
  readonly sums?: Readonly<Record<string, number>>
}

/** Figures by file, paths relative to the data directory. */
export type Manifest = Readonly<Record<string, FileFigures>>

/** @throws when the directory holds no laid-out data */
export async function readManifest(dataDirectory: string): Promise<Manifest> {
  const path = join(dataDirectory, 'manifest.json')
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Manifest
  } catch (error) {
    throw new Error(`reading ${path}: not a manifest; lay the data out again`, { cause: error })
  }
}

/** Written last: a directory with a manifest is complete. */
export async function writeManifest(dataDirectory: string, manifest: Manifest): Promise<void> {
  await writeFile(join(dataDirectory, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
}
