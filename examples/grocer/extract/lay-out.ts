/**
 * Lays the package's Parquet files out as a grocer's three systems would hold them: files of the till, tables of the
 * shop's database, and members and points of the loyalty programme. Same package and selection, same rows.
 */
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { Session } from 'chdb'
import { type FileFigures, writeManifest } from './manifest.js'
import {
  type Basket,
  type HouseholdFacts,
  type Member,
  membersOf,
  type PointsEntry,
  pointsOf,
} from './members.js'
import type { Selection } from './selection.js'
import { createTables, shopFiles, tillFiles, tillPartitions } from './tables.js'

export interface LayOutInput {
  /** The folder with the package's Parquet files. */
  readonly packageDirectory: string
  /** Where `till/`, `shop/` and `loyalty/` are written; what stands in them is replaced. */
  readonly outDirectory: string
  readonly selection: Selection
  readonly log?: (message: string) => void
}

export async function layOut(input: LayOutInput): Promise<void> {
  const { packageDirectory, outDirectory, selection, log = () => {} } = input
  await rm(join(outDirectory, 'manifest.json'), { force: true })
  for (const folder of ['till', 'shop', 'loyalty']) {
    await rm(join(outDirectory, folder), { recursive: true, force: true })
    await mkdir(join(outDirectory, folder), { recursive: true })
  }
  await mkdir(join(outDirectory, 'till', 'archive'))
  await mkdir(join(outDirectory, 'till', 'transactions'))
  const session = new Session()
  try {
    for (const statement of createTables(packageDirectory, selection)) {
      session.query(statement)
    }
    const partitions = rows<{ month: string; weeks: number[] }>(session, tillPartitions)
    const files = [...tillFiles(partitions, selection), ...shopFiles(selection)]
    for (const file of files) {
      log(`writing ${file.path}`)
      session.query(
        `${file.select} INTO OUTFILE '${join(outDirectory, file.path)}' FORMAT ${file.format} ${file.settings ?? ''}`,
      )
    }
    if (selection.households === undefined) {
      await copyFile(
        join(packageDirectory, 'promotions.parquet'),
        join(outDirectory, 'till', 'promotions.parquet'),
      )
    }
    log('writing loyalty/')
    await writeLoyalty(session, join(outDirectory, 'loyalty'))
    const loyalty = ['loyalty/members.ndjson.gz', 'loyalty/points.ndjson.gz']
    const paths = [...new Set([...files.map(({ path }) => path), 'till/promotions.parquet', ...loyalty])]
    await writeManifest(
      outDirectory,
      Object.fromEntries(paths.sort().map((path) => [path, figuresOf(session, outDirectory, path)])),
    )
  } finally {
    session.cleanup()
  }
}

/** Columns whose sums say more than a count: a value read into the wrong column or type shows. */
const SUMMED: Readonly<Record<string, readonly string[]>> = {
  archive: ['quantity', 'sales_value', 'retail_disc'],
  transactions: ['quantity', 'sales_value', 'retail_disc'],
  households: ['spend'],
  points: ['points'],
}

function formatOf(path: string): string {
  return path.includes('.csv') ? 'CSVWithNames' : path.includes('.ndjson') ? 'JSONEachRow' : 'Parquet'
}

/** Counted from the file as it stands, not from what was meant to be written. */
function figuresOf(session: Session, directory: string, path: string): FileFigures {
  const columns = SUMMED[/(archive|transactions|households|points)/.exec(path)?.[0] ?? ''] ?? []
  const sums = columns.map(
    (column) => `round(toFloat64(sum(toDecimal64(toString(${column}), 2))), 2) AS ${column}`,
  )
  const select = ['count() AS rows', ...sums].join(', ')
  const [figures] = rows<Record<string, number>>(
    session,
    `SELECT ${select} FROM file('${join(directory, path)}', ${formatOf(path)})`,
  )
  const { rows: count = 0, ...rest } = figures ?? {}
  return columns.length === 0 ? { rows: count } : { rows: count, sums: rest }
}

async function writeLoyalty(session: Session, directory: string): Promise<void> {
  const members = new Map<number, Member[]>()
  for (const household of rows<HouseholdFacts>(
    session,
    'SELECT * FROM household_facts ORDER BY household_id',
  )) {
    members.set(household.household_id, membersOf(household))
  }
  const points: PointsEntry[] = []
  for (const basket of rows<Basket>(session, 'SELECT * FROM baskets ORDER BY occurred_at, basket_id')) {
    const entry = pointsOf(basket, members.get(basket.household_id) ?? [])
    if (entry !== undefined) {
      points.push(entry)
    }
  }
  await writeLines(join(directory, 'members.ndjson.gz'), [...members.values()].flat())
  await writeLines(join(directory, 'points.ndjson.gz'), points)
}

async function writeLines(path: string, records: readonly object[]): Promise<void> {
  const text = records.map((record) => `${JSON.stringify(record)}\n`).join('')
  await writeFile(path, await promisify(gzip)(text, { level: 9 }))
}

function rows<T>(session: Session, select: string): T[] {
  const text = session.query(`${select} SETTINGS output_format_json_quote_64bit_integers = 0`, 'JSONEachRow')
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T)
}
