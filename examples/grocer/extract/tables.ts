/** The SELECTs behind the laid-out files, as ClickHouse reads the package's Parquet files. Every order is total. */
import { join } from 'node:path'
import type { Selection } from './selection.js'

export interface OutputFile {
  /** Relative to the data directory. */
  readonly path: string
  readonly select: string
  readonly format: string
  readonly settings?: string
}

const PARQUET = { format: 'Parquet', settings: "SETTINGS output_format_parquet_compression_method = 'zstd'" }
/** COPY reads an unquoted empty field as NULL. */
const CSV = { format: 'CSVWithNames', settings: "SETTINGS format_csv_null_representation = ''" }
const NDJSON = { format: 'JSONEachRow', settings: 'SETTINGS output_format_json_quote_64bit_integers = 0' }

/** Temporary tables with the selected rows: `selected`, `year`, `till`, `household_facts`, `baskets`. */
export function createTables(packageDirectory: string, selection: Selection): string[] {
  const file = (table: string) => `file('${join(packageDirectory, table)}.parquet', Parquet)`
  // The package's floats carry dust (2.2e-16); a till exports exact cents. (From a float, toDecimal64 cuts: 2.39 would become 2.38.)
  const cents = ['sales_value', 'retail_disc', 'coupon_disc', 'coupon_match_disc'].map(
    (column) => `toDecimal64(toString(round(${column}, 2)), 2) AS ${column}`,
  )
  const candidates =
    selection.households === undefined
      ? `(SELECT DISTINCT household_id FROM ${file('transactions')})`
      : `(SELECT household_id FROM ${file('demographics')} ORDER BY SHA256(toString(household_id)) LIMIT ${selection.households})`
  const views = [
    'campaigns',
    'campaign_descriptions',
    'coupons',
    'coupon_redemptions',
    'products',
    'promotions',
    'demographics',
  ]
  return [
    'CREATE DATABASE package ENGINE = Atomic',
    ...views.map((table) => `CREATE VIEW package.${table} AS SELECT * FROM ${file(table)}`),
    `CREATE TABLE selected ENGINE = MergeTree ORDER BY household_id AS SELECT assumeNotNull(household_id) AS household_id FROM ${candidates}`,
    `CREATE TABLE year ENGINE = MergeTree ORDER BY tuple() AS
      SELECT * REPLACE (toDateTime64(transaction_timestamp, 3, 'UTC') AS transaction_timestamp, ${cents.join(', ')})
      FROM ${file('transactions')} WHERE household_id IN selected`,
    `CREATE VIEW till AS SELECT * FROM year
      WHERE transaction_timestamp >= toDate('${selection.from}') AND transaction_timestamp < toDate('${selection.to}')`,
    `CREATE VIEW household_facts AS
      SELECT household_id, any(d.household_size) AS household_size,
        toFloat64(sum(sales_value)) AS spend,
        ${iso('min(transaction_timestamp)')} AS first_at, ${iso('max(transaction_timestamp)')} AS last_at
      FROM year LEFT JOIN package.demographics AS d USING household_id GROUP BY household_id`,
    `CREATE VIEW baskets AS
      SELECT any(household_id) AS household_id, basket_id, toFloat64(sum(sales_value)) AS total,
        ${iso('min(transaction_timestamp)')} AS occurred_at
      FROM till GROUP BY basket_id`,
  ]
}

/** The till's months with the shop's weeks in each. */
export const tillPartitions = `SELECT formatDateTime(transaction_timestamp, '%Y-%m') AS month, arraySort(groupUniqArray(week)) AS weeks
  FROM till GROUP BY month ORDER BY month`

/** Months up to October as Parquet, later weeks as CSV: those of November compressed. */
export function tillFiles(
  partitions: readonly { readonly month: string; readonly weeks: readonly number[] }[],
  selection: Selection,
): OutputFile[] {
  const order = 'ORDER BY transaction_timestamp, basket_id, product_id'
  const inSeconds =
    "SELECT * REPLACE (toDateTime(transaction_timestamp, 'UTC') AS transaction_timestamp) FROM till"
  const transactions = partitions.flatMap(({ month, weeks }): OutputFile[] => {
    const where = `WHERE formatDateTime(transaction_timestamp, '%Y-%m') = '${month}'`
    if (month < '2017-11') {
      return [
        { path: `till/archive/${month}.parquet`, select: `SELECT * FROM till ${where} ${order}`, ...PARQUET },
      ]
    }
    return weeks.map((week) => ({
      path: `till/transactions/${month}-week-${week}.csv${month === '2017-11' ? '.gz' : ''}`,
      select: `${inSeconds} ${where} AND week = ${week} ${order}`,
      ...CSV,
    }))
  })
  const sold = selection.households === undefined ? '' : 'WHERE product_id IN (SELECT product_id FROM till)'
  const products = {
    path: 'till/products.ndjson.gz',
    select: `SELECT * FROM package.products ${sold} ORDER BY product_id`,
    ...NDJSON,
  }
  const promotions = {
    path: 'till/promotions.parquet',
    select: `SELECT * FROM package.promotions WHERE (product_id, store_id, week) IN (SELECT product_id, store_id, week FROM till)
      ORDER BY week, store_id, product_id, display_location, mailer_location`,
    ...PARQUET,
  }
  return selection.households === undefined
    ? [...transactions, products]
    : [...transactions, products, promotions]
}

/** The shop's tables in the order of `shop/tables.ts`'s columns. Times are UTC with their zone. */
export function shopFiles(selection: Selection): OutputFile[] {
  const mine = 'household_id IN selected'
  const sold = selection.households === undefined ? '1' : 'product_id IN (SELECT product_id FROM till)'
  const redeemed = `(coupon_upc, campaign_id) IN (SELECT coupon_upc, campaign_id FROM package.coupon_redemptions WHERE ${mine})`
  return [
    {
      path: 'shop/households.csv',
      select: `SELECT household_id, age, income, home_ownership, marital_status, d.household_size AS household_size, household_comp, kids_count,
          spend, stores, shopping, first_at AS registered_at, last_at AS updated_at
        FROM household_facts
        LEFT JOIN package.demographics AS d USING household_id
        LEFT JOIN (
          SELECT household_id, concat('{', arrayStringConcat(arraySort(groupUniqArray(store_id)), ','), '}') AS stores,
            toJSONString(CAST((
              arraySort((pair) -> (-pair.2, pair.1), arrayZip(untuple(sumMap([store_id], [1]))))[1].1,
              uniqExact(basket_id),
              arrayMap((pair) -> pair.1, arraySlice(arraySort((pair) -> (-pair.2, pair.1), arrayZip(untuple(sumMap([ifNull(department, 'MISCELLANEOUS')], [1])))), 1, 3))
            ), 'Tuple(favourite_store UInt64, baskets UInt32, departments Array(String))')) AS shopping
          FROM year LEFT JOIN package.products USING product_id GROUP BY household_id
        ) AS habits USING household_id
        ORDER BY household_id`,
      ...CSV,
      settings: `${CSV.settings}, join_use_nulls = 1, output_format_json_quote_64bit_integers = 0`,
    },
    {
      path: 'shop/campaign_descriptions.csv',
      select: `SELECT campaign_id, campaign_type, toDate(start_date) AS start_date, toDate(end_date) AS end_date
        FROM package.campaign_descriptions ORDER BY campaign_id`,
      ...CSV,
    },
    {
      path: 'shop/campaigns.csv',
      select: `SELECT campaign_id, household_id FROM package.campaigns WHERE ${mine} ORDER BY campaign_id, household_id`,
      ...CSV,
    },
    {
      path: 'shop/coupons.csv.gz',
      select: `SELECT coupon_upc, campaign_id, concat('{', arrayStringConcat(arraySort(groupUniqArrayIf(product_id, ${sold})), ','), '}') AS product_ids
        FROM package.coupons GROUP BY coupon_upc, campaign_id HAVING product_ids != '{}' OR ${redeemed} ORDER BY coupon_upc, campaign_id`,
      ...CSV,
    },
    {
      path: 'shop/coupon_redemptions.csv',
      select: `SELECT row_number() OVER (ORDER BY redemption_date, household_id, coupon_upc, campaign_id) AS redemption_id,
          household_id, coupon_upc, campaign_id, toDate(redemption_date) AS redemption_date,
          ${iso("toDateTime64(redemption_date, 3, 'UTC') + INTERVAL 12 HOUR")} AS updated_at
        FROM package.coupon_redemptions WHERE ${mine} ORDER BY redemption_id`,
      ...CSV,
    },
  ]
}

function iso(time: string): string {
  return `formatDateTime(${time}, '%Y-%m-%dT%H:%i:%S.000Z')`
}
