/** What a person finds in the folder, run by run. */
import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Batch, DestinationRecord, Operation, RecordResult } from '@tributary/connector-sdk'
import { testWriteContext, type WriteContextOverrides } from '@tributary/connector-sdk/testing'
import { fileObject } from './file-object.js'
import { rowsOfFile } from './held-records.testing.js'
import destination from './index.js'
import { type FilesConfig, spec } from './spec.js'

interface RunOptions {
  readonly config?: Partial<FilesConfig>
  readonly run?: string
  readonly activation?: string
  readonly operation?: Operation
}

const person = (email: string, fields: DestinationRecord['fields'] = {}): DestinationRecord => ({
  match: { email },
  fields,
})

describe('files of runs', () => {
  let root: string
  let folder: string
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'tributary-runs-'))
    folder = join(root, 'exports')
  })
  afterEach(() => rm(root, { recursive: true }))

  const open = ({ config, run = 'r1', activation = 'winback' }: RunOptions = {}) => {
    const whole = { location: { folder: 'exports' }, format: 'ndjson', ...config } as FilesConfig
    const overrides: WriteContextOverrides<FilesConfig> = { spec, workspaceDirectory: root, run, activation }
    return testWriteContext<FilesConfig>(whole, overrides)
  }
  const write = async (
    options: RunOptions,
    batch: Pick<Batch, 'index' | 'records'>,
  ): Promise<readonly RecordResult[]> => {
    const context = open(options)
    try {
      const { operation = 'replace' } = options
      const result = await fileObject.write(context, { ...batch, operation, idempotencyKey: 'k' })
      return 'results' in result ? result.results : []
    } finally {
      context.close()
    }
  }
  const finish = async (options: RunOptions, records: number): Promise<void> => {
    const context = open(options)
    try {
      const { operation = 'replace' } = options
      await fileObject.finish?.(context, { operation, batches: 1, records, idempotencyKey: 'k' })
    } finally {
      context.close()
    }
  }
  const whole = async (options: RunOptions, records: readonly DestinationRecord[]): Promise<void> => {
    if (records.length > 0) await write(options, { index: 0, records })
    await finish(options, records.length)
  }
  const check = async (config: Partial<FilesConfig>): Promise<void> => {
    const context = open({ config })
    try {
      await destination.check(context)
    } finally {
      context.close()
    }
  }
  const visible = async (): Promise<string[]> =>
    (await readdir(folder)).filter((name) => !name.startsWith('.')).sort()
  const text = (name: string): Promise<string> => readFile(join(folder, name), 'utf8')

  const STABLE = { config: { format: 'csv', file_name: 'members', csv: { line_end: 'lf' } } } as const

  it('names a run by its activation, day and id', async () => {
    await whole({}, [person('a@example.com')])
    const [name] = await visible()
    assert.match(name!, /^winback-\d{4}-\d\d-\d\d-r1\.ndjson$/)
  })

  it('puts the columns in the order of the config, the match fields, the others', async () => {
    const config = { ...STABLE.config, columns: ['city', 'missing'] }
    await whole({ config }, [person('a@example.com', { age: 1, city: 'Paris' })])
    assert.equal(await text('members.csv'), 'city,missing,email,age\nParis,,a@example.com,1\n')
  })

  it('gives a snapshot without members the header of the one before, or that of the config', async () => {
    await whole({ config: { ...STABLE.config, columns: ['email', 'city'] } }, [])
    assert.equal(await text('members.csv'), 'email,city\n')
    await whole({ ...STABLE, run: 'r2' }, [person('a@example.com', { age: 1 })])
    await whole({ ...STABLE, run: 'r3' }, [])
    assert.equal(await text('members.csv'), 'email,age\n')
  })

  it('writes no file for changes that never were', async () => {
    await whole({ operation: 'upsert' }, [])
    assert.deepEqual(await visible(), [])
  })

  it('keeps the newest file under a second name', async () => {
    const config = { file_name: '{run}', latest_name: '{activation}-latest' }
    await whole({ config }, [person('a@example.com')])
    await whole({ config, run: 'r2' }, [person('b@example.com')])
    assert.deepEqual(await visible(), ['r1.ndjson', 'r2.ndjson', 'winback-latest.ndjson'])
    assert.equal(await text('winback-latest.ndjson'), await text('r2.ndjson'))
  })

  it('says what happened first, under the name of the config, and what is taken back', async () => {
    const config = { file_name: '{run}', change_column: 'op' }
    const events = [{ ...person('a@example.com', { n: 1 }), event: 'left', compensates: 'r0' }] as const
    await whole({ config, operation: 'append' }, events)
    const rows = await rowsOfFile({ name: 'r1.ndjson', bytes: await readFile(join(folder, 'r1.ndjson')) })
    assert.deepEqual(rows, [{ op: 'left', compensates: 'r0', email: 'a@example.com', n: 1 }])
  })

  it('refuses a field that is named as the column that says what happened', () =>
    assert.rejects(whole({ operation: 'upsert' }, [person('a@example.com', { change: 1 })]), {
      kind: 'ConfigInvalid',
      message: /change/,
    }))

  for (const operation of ['upsert', 'remove', 'append'] as const)
    it(`refuses ${operation} into a file that the next run would replace`, () =>
      assert.rejects(whole({ ...STABLE, operation }, [person('a@example.com')]), {
        kind: 'ConfigInvalid',
        message: /\{run\}/,
      }))

  it('rejects values that do not fit their type, alone', async () => {
    const config = { format: 'parquet', file_name: '{run}', parquet: { types: { joined: 'date' } } } as const
    const records = [
      person('a@example.com', { joined: '2026-01-31' }),
      person('b@example.com', { joined: '31/01/2026' }),
      person('c@example.com', { joined: null }),
    ]
    const results = await write({ config }, { index: 0, records })
    await finish({ config }, 2)
    assert.deepEqual(results, [
      { status: 'ok' },
      { status: 'rejected', reason: 'joined is no date', code: 'type' },
      { status: 'ok' },
    ])
    const bytes = await readFile(join(folder, 'r1.parquet'))
    assert.deepEqual(
      (await rowsOfFile({ name: 'r1.parquet', bytes })).map(({ email, joined }) => [email, joined]),
      [
        ['a@example.com', new Date('2026-01-31')],
        ['c@example.com', null],
      ],
    )
  })

  it('keeps a snapshot where every record of the new one was rejected', async () => {
    const config = { format: 'parquet', file_name: 'members', parquet: { types: { n: 'int64' } } } as const
    await whole({ config }, [person('a@example.com', { n: 1 })])
    const before = await readFile(join(folder, 'members.parquet'))
    const broken = { config, run: 'r2' }
    await write(broken, { index: 0, records: [person('a@example.com', { n: 'one' })] })
    await assert.rejects(finish(broken, 0), { kind: 'ConfigInvalid', message: /every record was rejected/ })
    assert.deepEqual(await readFile(join(folder, 'members.parquet')), before)
  })

  it('does not empty a snapshot whose parts are gone', async () => {
    await whole(STABLE, [person('a@example.com')])
    const before = await text('members.csv')
    await write({ ...STABLE, run: 'r2' }, { index: 0, records: [person('b@example.com')] })
    await rm(join(folder, '.tributary'), { recursive: true })
    await assert.rejects(finish({ ...STABLE, run: 'r2' }, 1), { kind: 'SourceUnavailable' })
    assert.equal(await text('members.csv'), before)
  })

  it('does not take a part for a run that comes when its run is over', async () => {
    const options = { config: { file_name: '{run}' }, operation: 'upsert' } as const
    await whole(options, [person('a@example.com'), person('b@example.com')])
    const before = await text('r1.ndjson')
    // A worker that had been stopped wakes up.
    await write(options, { index: 0, records: [person('a@example.com')] })
    await whole({ ...options, run: 'r2' }, [person('c@example.com')])
    assert.equal(await text('r1.ndjson'), before)
    assert.deepEqual(await readdir(join(folder, '.tributary', 'winback')), ['finished.json'])
  })

  it('keeps what waits from other users of the machine', async () => {
    await write({}, { index: 0, records: [person('a@example.com')] })
    assert.equal((await stat(join(folder, '.tributary'))).mode & 0o077, 0)
  })

  it('keeps activations apart whose ids look like paths', async () => {
    for (const activation of ['a', '../a', 'a/b', '.'])
      await whole({ activation, config: { file_name: '{activation}-{run}' } }, [person(`${activation}@x`)])
    assert.deepEqual(await visible(), ['--r1.ndjson', '-.-a-r1.ndjson', 'a-b-r1.ndjson', 'a-r1.ndjson'])
    assert.deepEqual(await readdir(root), ['exports'])
  })

  describe('the folder', () => {
    it('is made in the workspace, and checked without making it', async () => {
      await check({ location: { folder: 'exports/crm' } })
      assert.deepEqual(await readdir(root), [])
    })
    it('is not made elsewhere', async () => {
      const config = { location: { folder: join(root, 'elsewhere') } }
      await assert.rejects(check(config), { kind: 'ConfigInvalid' })
      await assert.rejects(whole({ config }, [person('a@example.com')]), { kind: 'ConfigInvalid' })
      assert.deepEqual(await readdir(root), [])
    })
    for (const path of ['..', '../x', 'a/../../x'])
      it(`is not ${path}`, () =>
        assert.rejects(check({ location: { folder: path } }), {
          kind: 'ConfigInvalid',
          message: /workspace/,
        }))
    it('is not left through a link', async () => {
      const outside = join(root, 'outside')
      await mkdir(outside)
      await mkdir(folder)
      await symlink(outside, join(folder, 'crm'))
      await assert.rejects(whole({ config: { file_name: 'crm/{run}' } }, [person('a@example.com')]), {
        kind: 'PermissionDenied',
      })
      assert.deepEqual(await readdir(outside), [])
    })
    it('is told from a file', async () => {
      await writeFile(folder, '')
      await assert.rejects(check({}), { kind: 'ConfigInvalid', message: /it is a file/ })
    })
  })
})
