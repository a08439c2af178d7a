/** The lock file installs on every machine: it names no registry, and the packages of platforms other than this one too. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'

interface LockedPackage {
  readonly resolved?: string
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

describe('the lock file', () => {
  let packages: Readonly<Record<string, LockedPackage>>
  before(async () => {
    packages = JSON.parse(await readFile('package-lock.json', 'utf8')).packages
  })

  it('holds no address of a registry', () => {
    const resolved = Object.values(packages).flatMap((entry) => entry.resolved ?? [])
    assert.deepEqual(
      resolved.filter((address) => address.includes('://')),
      [],
    )
  })

  it('names every optional package, or a clean install refuses it', () => {
    const missing = Object.entries(packages).flatMap(([path, entry]) =>
      Object.keys(entry.optionalDependencies ?? {}).filter(
        (name) => !(`node_modules/${name}` in packages) && !(`${path}/node_modules/${name}` in packages),
      ),
    )
    assert.deepEqual(missing, [])
  })
})
