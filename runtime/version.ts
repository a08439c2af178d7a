/** The version of this release. */
import { existsSync, readFileSync } from 'node:fs'

/** From package.json, which is beside dist/, and beside the sources. */
export function productVersion(): string {
  const path = ['../../package.json', '../package.json']
    .map((relative) => new URL(relative, import.meta.url))
    .find((url) => existsSync(url))
  return path ? (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version : '0.0.0'
}
