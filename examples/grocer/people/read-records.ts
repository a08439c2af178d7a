/** The grocer's records as they stand in the data directory, read without any part of Tributary: what people are counted from. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import type { Member, PointsEntry } from '../extract/members.js'
import { readLoyaltyData } from '../loyalty-api/programme.js'
import { LAST_WEEK } from '../workspace-copy.js'
import { readCsv } from './csv.js'

/** A line of a receipt. Money in whole cents, `at` in milliseconds; products that nobody knows have no department and no brand. */
export interface ReceiptLine {
  readonly household: string
  readonly basket: string
  readonly cents: number
  readonly at: number
  readonly product: Product
}

export interface Product {
  readonly department?: string
  readonly brand?: string
  readonly category?: string
}

export interface GrocerRecords {
  readonly lines: readonly ReceiptLine[]
  /** Those that a copy of the workspace gets later. */
  readonly lastWeek: readonly ReceiptLine[]
  readonly households: readonly { readonly household: string; readonly kids: string }[]
  readonly homeowners: ReadonlySet<string>
  readonly campaigns: readonly { readonly campaign: string; readonly household: string }[]
  /** By campaign. */
  readonly campaignStarts: ReadonlyMap<string, { readonly type: string; readonly at: number }>
  readonly redemptions: readonly { readonly id: string; readonly household: string; readonly at: number }[]
  readonly members: readonly Member[]
  readonly points: readonly PointsEntry[]
}

/** Reads `till/`, `shop/` and `loyalty/`. */
export async function readRecords(dataDirectory: string): Promise<GrocerRecords> {
  const csv = async (path: string) => readCsv(await readText(join(dataDirectory, path)))
  const products = await readProducts(join(dataDirectory, 'till', 'products.ndjson.gz'))
  const weeks = (await readdir(join(dataDirectory, 'till', 'transactions'))).map(
    (file) => `till/transactions/${file}`,
  )
  const lines = await archiveLines(join(dataDirectory, 'till', 'archive'), products)
  for (const week of weeks.filter((path) => path !== LAST_WEEK)) {
    for (const row of await csv(week)) lines.push(csvLine(row, products))
  }
  const households = await csv('shop/households.csv')
  return {
    lines,
    lastWeek: (await csv(LAST_WEEK)).map((row) => csvLine(row, products)),
    households: households.map((row) => ({ household: row.household_id!, kids: row.kids_count! })),
    homeowners: new Set(
      households.filter((row) => row.home_ownership === 'Homeowner').map((row) => row.household_id!),
    ),
    campaigns: (await csv('shop/campaigns.csv')).map((row) => ({
      campaign: row.campaign_id!,
      household: row.household_id!,
    })),
    campaignStarts: new Map(
      (await csv('shop/campaign_descriptions.csv')).map((row) => [
        row.campaign_id!,
        { type: row.campaign_type!, at: Date.parse(row.start_date!) },
      ]),
    ),
    redemptions: (await csv('shop/coupon_redemptions.csv')).map((row) => ({
      id: row.redemption_id!,
      household: row.household_id!,
      at: Date.parse(row.redemption_date!),
    })),
    ...(await readLoyaltyData(dataDirectory)),
  }
}

async function readText(path: string): Promise<string> {
  const bytes = await readFile(path)
  return (path.endsWith('.gz') ? await promisify(gunzip)(bytes) : bytes).toString('utf8')
}

async function readProducts(path: string): Promise<ReadonlyMap<string, Product>> {
  interface Row {
    readonly product_id: number
    readonly department: string | null
    readonly brand: string | null
    readonly product_category: string | null
  }
  const rows = (await readText(path))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Row)
  return new Map(
    rows.map(({ product_id, department, brand, product_category }) => [
      String(product_id),
      {
        ...(department !== null && { department }),
        ...(brand !== null && { brand }),
        ...(product_category !== null && { category: product_category }),
      },
    ]),
  )
}

const NO_PRODUCT: Product = {}

function csvLine(row: Readonly<Record<string, string>>, products: ReadonlyMap<string, Product>): ReceiptLine {
  return {
    household: row.household_id!,
    basket: row.basket_id!,
    cents: Math.round(Number(row.sales_value) * 100),
    at: Date.parse(`${row.transaction_timestamp!.replace(' ', 'T')}Z`),
    product: products.get(row.product_id!) ?? NO_PRODUCT,
  }
}

async function archiveLines(folder: string, products: ReadonlyMap<string, Product>): Promise<ReceiptLine[]> {
  const lines: ReceiptLine[] = []
  for (const name of (await readdir(folder)).sort()) {
    const bytes = await readFile(join(folder, name))
    const rows = await parquetReadObjects({
      file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer,
      columns: ['household_id', 'basket_id', 'product_id', 'sales_value', 'transaction_timestamp'],
      compressors,
    })
    for (const row of rows) {
      lines.push({
        household: String(row.household_id),
        basket: String(row.basket_id),
        cents: Math.round(Number(row.sales_value) * 100),
        at: (row.transaction_timestamp as Date).getTime(),
        product: products.get(String(row.product_id)) ?? NO_PRODUCT,
      })
    }
  }
  return lines
}
