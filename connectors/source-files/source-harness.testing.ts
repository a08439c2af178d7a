/** For the tests: a folder of files, and reads of the source over it as the runtime would do them. */
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { JsonObject, SourceReject, StreamDefinition, StreamMessage } from '@tributary/connector-sdk'
import { type TestContext, type TestContextOverrides, testContext } from '@tributary/connector-sdk/testing'
import source from './index.js'
import { type FilesConfig, spec } from './spec.js'

export interface Harness {
  readonly folder: string
  readonly warnings: string[]
  /** Writes a file below the folder; `second` is its time, seconds since 1970. Returns its path. */
  write(name: string, content: string | Uint8Array, second?: number): Promise<string>
  check(config?: Partial<FilesConfig>): Promise<void>
  discover(config?: Partial<FilesConfig>): Promise<StreamDefinition<FilesConfig>[]>
  /** Reads one stream to its end, by rows unless told otherwise. */
  read(name: string, options?: ReadOptions): Promise<ReadOutcome>
  /** The messages of one stream as they come. */
  messages(name: string, options?: ReadOptions): AsyncGenerator<StreamMessage>
  remove(): Promise<void>
}

export interface ReadOptions
  extends Omit<TestContextOverrides<FilesConfig>, 'state' | 'spec' | 'workspaceDirectory'> {
  readonly config?: Partial<FilesConfig>
  readonly state?: JsonObject | undefined
}

export interface ReadOutcome {
  readonly messages: StreamMessage[]
  readonly records: Record<string, unknown>[]
  readonly rejects: SourceReject[]
  readonly states: JsonObject[]
}

export async function harness(): Promise<Harness> {
  const root = await mkdtemp(join(tmpdir(), 'tributary-files-'))
  const folder = join(root, 'data')
  await mkdir(folder)
  const warnings: string[] = []
  const contexts: TestContext<FilesConfig>[] = []
  const context = ({ config, state, ...overrides }: ReadOptions = {}): TestContext<FilesConfig> => {
    const opened = testContext<FilesConfig>(
      { location: { folder: 'data' }, ...config },
      {
        ...overrides,
        ...(state && { state }),
        spec,
        workspaceDirectory: root,
        onLog: ({ level, message }) => void (level === 'warn' && warnings.push(message)),
      },
    )
    contexts.push(opened)
    return opened
  }
  const discover = async (options: ReadOptions = {}): Promise<StreamDefinition<FilesConfig>[]> => {
    if (typeof source.streams !== 'function') throw new Error('discovering: the source has fixed streams')
    return [...(await source.streams(context(options)))]
  }
  const self: Harness = {
    folder,
    warnings,
    async write(name, content, second = 1_700_000_000) {
      const path = join(folder, name)
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, content)
      await utimes(path, second, second)
      return path
    },
    check: (config) => source.check(context(config && { config })),
    discover: (config) => discover(config && { config }),
    async *messages(name, options = {}) {
      const stream = (await discover(options)).find((candidate) => candidate.name === name)
      if (stream === undefined) throw new Error(`reading ${name}: not discovered`)
      const fields = Object.keys(stream.schema.properties)
      const primaryKey = stream.primaryKey ?? []
      yield* stream.read(context({ path: 'rows', fields, primaryKey, ...options }))
    },
    read: (name, options) => collect(self.messages(name, options)),
    async remove() {
      for (const opened of contexts) opened.close()
      await rm(root, { recursive: true, force: true })
    },
  }
  return self
}

/** Everything that a read yields. */
export async function collect(messages: AsyncIterable<StreamMessage>): Promise<ReadOutcome> {
  const outcome: ReadOutcome = { messages: [], records: [], rejects: [], states: [] }
  for await (const message of messages) {
    outcome.messages.push(message)
    if (message.type === 'records') outcome.records.push(...message.records)
    if (message.type === 'rejects') outcome.rejects.push(...message.rejects)
    if (message.type === 'checkpoint') outcome.states.push(message.state)
  }
  return outcome
}
