/**
 * Phone numbers in E.164, which no engine function knows: each spelling is worked out once, in the process, and kept in
 * `cdp.phone_numbers`, from where queries take it. The table is a cache of a pure function; a row too many is harmless.
 */
import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import type { Warehouse } from '../../warehouse/client.js'
import { quoteString } from '../../warehouse/types/identifiers.js'

/** Spellings worked out and written at a time. */
const BATCH = 20_000
/** Longer text is no phone number. */
const MAX_LENGTH = 64

/** E.164 of a number as somebody wrote it; empty where it is no valid number. @param region ISO 3166, or empty */
export function phoneNumber(raw: string, region: string): string {
  if (raw.length > MAX_LENGTH) return ''
  const country = isSupportedCountry(region) ? (region as CountryCode) : undefined
  const parsed = parsePhoneNumberFromString(raw, {
    ...(country && { defaultCountry: country }),
    extract: false,
  })
  return parsed?.isValid() ? parsed.number : ''
}

/**
 * Works out all spellings that a query gives and that are not known yet. Idempotent; holds one batch at a time.
 * @param spellings SELECT of one column `raw`, distinct or not
 */
export async function learnPhoneNumbers(
  warehouse: Warehouse,
  region: string,
  spellings: string,
  signal?: AbortSignal,
): Promise<void> {
  for (;;) {
    signal?.throwIfAborted()
    const result = await warehouse.query({
      query: `SELECT DISTINCT raw FROM (${spellings}) WHERE raw != ''
        AND raw NOT IN (SELECT raw FROM cdp.phone_numbers WHERE region = {region:String}) LIMIT ${BATCH}`,
      query_params: { region },
      format: 'JSONEachRow',
      ...(signal && { abort_signal: signal }),
    })
    const rows = await result.json<{ raw: string }>()
    if (rows.length === 0) return
    await warehouse.insert({
      table: 'cdp.phone_numbers',
      values: rows.map(({ raw }) => ({ region, raw, e164: phoneNumber(raw, region) })),
      format: 'JSONEachRow',
    })
    if (rows.length < BATCH) return
  }
}

/** SELECT of `raw` and `e164`, one row a spelling, of the spellings that a query gives. */
export const knownPhoneNumbers = (region: string, spellings: string): string =>
  `SELECT raw, any(e164) AS e164 FROM cdp.phone_numbers
   WHERE region = ${quoteString(region)} AND raw IN (${spellings}) GROUP BY raw`
