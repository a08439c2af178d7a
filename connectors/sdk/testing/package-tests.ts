/** Conformance: the package says what it is, and its files agree with its code. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JsonSchema } from '../json.js'
import { type ConnectorManifest, readManifest } from '../package/list-connectors.js'
import { packageDirectory } from '../package/load-schema.js'

const STATUSES = ['alpha', 'beta', 'stable', 'deprecated']

/** A connector under test as far as its package must agree with it. */
export interface PackageSubject {
  readonly kind: ConnectorManifest['kind']
  readonly spec: JsonSchema
  /** Names of its streams or objects, where they are always the same. */
  names(): readonly string[]
}

/** @param moduleUrl of a module of the package */
export function registerPackageTests({ kind, spec, names }: PackageSubject, moduleUrl: string): void {
  const directory = packageDirectory(moduleUrl)

  describe('package', () => {
    it(`says in package.json that it is a ${kind}, with title, status, icon and docs that exist`, () => {
      const manifest = readManifest(directory)
      assert.ok(manifest, 'package.json has no tributary field with a kind')
      assert.equal(manifest.kind, kind)
      assert.match(manifest.version, /^\d+\.\d+\.\d+/)
      assert.notEqual(manifest.title, manifest.name, 'there is no title')
      assert.ok(STATUSES.includes(manifest.status ?? ''), `the status is none of ${STATUSES.join(', ')}`)
      assert.ok(manifest.docs, 'there are no docs')
      assert.ok(manifest.icon || kind === 'destination', 'there is no icon')
      const files = [manifest.docs, manifest.icon].flatMap((file) => file ?? [])
      assert.deepEqual(
        files.filter((file) => !existsSync(join(directory, file))),
        [],
        'files that do not exist',
      )
    })
    it('has the spec of its code in spec.json', () => {
      assert.deepEqual(spec, JSON.parse(readFileSync(join(directory, 'spec.json'), 'utf8')))
    })
    it('documents what it has and what it requires', () => {
      const readme = readFileSync(join(directory, readManifest(directory)?.docs ?? 'README.md'), 'utf8')
      const documented = [...names(), ...(Array.isArray(spec.required) ? (spec.required as string[]) : [])]
      assert.deepEqual(
        documented.filter((name) => !readme.includes(name)),
        [],
        'not in the README',
      )
    })
  })
}
