/** Whenever the end of a run is cut off, called again it comes to the same end: the same bytes, and nothing beside them. */
import assert from 'node:assert/strict'
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { Operation, RunSummary } from '@tributary/connector-sdk'
import fc from 'fast-check'
import { fileOptions } from '../config.js'
import { partName, staging } from '../naming/staging.js'
import { encodePart } from '../parts/part.js'
import { rowsOf } from '../parts/rows.js'
import { sample } from '../samples.testing.js'
import type { FilesConfig } from '../spec.js'
import { folderStore } from '../stores/folder.js'
import type { Store } from '../stores/store.js'
import { type FinishInput, finishRun } from './finish-run.js'

const STAGED = staging('winback')
const RECORDS = 12

/** The store until the power fails: before a step, in the middle of a file, or after a step whose answer is lost. */
function failingStore(store: Store, steps: number): Store & { readonly left: () => number } {
  let left = steps
  const fail = (): void => {
    left -= 1
    if (left < 0) throw new Error('the power failed')
  }
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    fail()
    const result = await work()
    fail()
    return result
  }
  async function* cutOff(
    chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  ): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      yield chunk
      fail()
    }
  }
  return {
    left: () => left,
    check: () => guarded(() => store.check()),
    list: (folder) => guarded(() => store.list(folder)),
    read: (name) => guarded(() => store.read(name)),
    get: (name) => guarded(() => store.get(name)),
    write: (name, chunks) => guarded(() => store.write(name, cutOff(chunks))),
    copy: (from, to) => guarded(() => store.copy(from, to)),
    async remove(names) {
      for (const name of names) await guarded(() => store.remove([name]))
    },
    tidy: () => guarded(() => store.tidy()),
    close: () => store.close(),
  }
}

interface Place {
  readonly store: Store
  /** Everything that is there, by name. */
  contents(): Promise<Record<string, string>>
  copy(): Promise<Place>
  remove(): Promise<void>
}

function folderPlace(folder: string): Place {
  return {
    store: folderStore({ folder, create: true }, STAGED.scratch),
    async contents() {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true })
      const paths = entries
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
      const files = paths
        .sort()
        .map(async (path) => [path.slice(folder.length + 1), await readFile(path, 'base64')] as const)
      return Object.fromEntries(await Promise.all(files))
    },
    async copy() {
      const other = await mkdtemp(join(tmpdir(), 'tributary-cut-off-'))
      await cp(folder, other, { recursive: true })
      return folderPlace(other)
    },
    remove: () => rm(folder, { recursive: true }),
  }
}

/** Without a disk, so that every place can be tried in every combination. */
function memoryPlace(files = new Map<string, Buffer>()): Place {
  const sorted = (): string[] => [...files.keys()].sort()
  const store: Store = {
    check: () => Promise.resolve(),
    list: async (folder) => sorted().filter((name) => name.startsWith(`${folder}/`)),
    read: async (name) => Readable.from([files.get(name)!]),
    get: async (name) => files.get(name),
    async write(name, chunks) {
      const all: Uint8Array[] = []
      for await (const chunk of chunks) all.push(chunk)
      files.set(name, Buffer.concat(all))
    },
    copy: async (from, to) => void files.set(to, files.get(from)!),
    remove: async (names) => names.forEach((name) => void files.delete(name)),
    tidy: () => Promise.resolve(),
    close: () => Promise.resolve(),
  }
  return {
    store,
    contents: async () =>
      Object.fromEntries(sorted().map((name) => [name, files.get(name)!.toString('base64')])),
    copy: async () => memoryPlace(new Map(files)),
    remove: async () => files.clear(),
  }
}

async function writeParts(store: Store, run: string, operation: Operation, first: number): Promise<void> {
  for (let index = 0; index < 3; index++) {
    const records = [0, 1, 2, 3].map((n) => ({
      ...sample(first + 4 * index + n),
      ...(operation === 'append' && { event: 'entered' as const }),
    }))
    const batch = { operation, records, index, idempotencyKey: `${run}-${index}` }
    const head = { operation, at: '2026-11-29T23:59:59.000Z', rejected: 0 }
    await store.write(partName(STAGED, run, index), [encodePart(head, rowsOf(batch, undefined))])
  }
}

function finish(store: Store, config: Partial<FilesConfig>, operation: Operation): Promise<void> {
  const input: FinishInput = {
    activation: 'winback',
    run: 'run-2',
    signal: new AbortController().signal,
    options: fileOptions({ location: { folder: '' }, ...config }),
    fileName: '{activation}/{run}-{date}-{time}',
    latestName: 'latest',
  }
  const summary: RunSummary = { operation, batches: 3, records: RECORDS, idempotencyKey: 'plan-finish' }
  return finishRun(store, STAGED, input, summary)
}

describe('the end of a run that is cut off', function () {
  this.timeout(60_000)

  for (const [where, operation, config] of [
    ['memory', 'replace', { format: 'csv' }],
    ['memory', 'upsert', { format: 'csv' }],
    ['memory', 'append', { format: 'ndjson', compression: 'gzip' }],
    ['memory', 'remove', { format: 'ndjson' }],
    ['memory', 'replace', { format: 'parquet' }],
    ['a folder', 'upsert', { format: 'ndjson' }],
  ] as const)
    it(`comes to the same ${config.format} of ${operation} in ${where}, wherever that is`, async () => {
      const base =
        where === 'memory' ? memoryPlace() : folderPlace(await mkdtemp(join(tmpdir(), 'tributary-cut-off-')))
      // Another run was cancelled after it had told of changes, which must not be lost.
      await writeParts(base.store, 'run-1', 'upsert', 100)
      await writeParts(base.store, 'run-2', operation, 0)
      const whole = await base.copy()
      const counting = failingStore(whole.store, 10_000)
      await finish(counting, config, operation)
      const steps = 10_000 - counting.left()
      const expected = await whole.contents()
      assert.deepEqual(
        Object.keys(expected).map((name) => name.replace(/\.(csv|ndjson|ndjson\.gz|parquet)$/, '')),
        [
          '.tributary/winback/finished.json',
          'latest',
          'winback/run-1-2026-11-29-235959',
          'winback/run-2-2026-11-29-235959',
        ],
      )
      assert.ok(steps > 30, `${steps} steps`)

      const cut = async (...places: readonly number[]): Promise<void> => {
        const place = await base.copy()
        for (const after of places)
          await finish(failingStore(place.store, after), config, operation).catch((error: Error) =>
            assert.match(error.message, /the power failed|unexpected error/),
          )
        await finish(place.store, config, operation)
        assert.deepEqual(await place.contents(), expected)
        await place.remove()
      }
      const every = where === 'memory' ? 1 : 7
      for (let after = 0; after < steps; after += every) await cut(after)
      const places = fc.array(fc.nat(steps), { minLength: 2, maxLength: 4 })
      await fc.assert(
        fc.asyncProperty(places, (after) => cut(...after)),
        { numRuns: where === 'memory' ? 100 : 3 },
      )
      await whole.remove()
      await base.remove()
    })
})
