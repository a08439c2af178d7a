/** Stream schemas stand as JSON files in a connector's package; this reads them wherever the code was compiled to. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { StreamSchema } from '@tributary/schemas'

/**
 * `loadSchema(import.meta.url, 'schemas/orders.json')`: the path starts at the folder of the nearest package.json above
 * the module. Throws when there is no such file: a fault of the package.
 */
export function loadSchema(moduleUrl: string, path: string): StreamSchema {
  return JSON.parse(readFileSync(join(packageDirectory(moduleUrl), path), 'utf8')) as StreamSchema
}

/** The folder of the nearest package.json above a module. */
export function packageDirectory(moduleUrl: string): string {
  let directory = dirname(fileURLToPath(moduleUrl))
  while (!existsSync(join(directory, 'package.json')) && dirname(directory) !== directory) {
    directory = dirname(directory)
  }
  return directory
}
