/** The shape of a value while it is chosen: one tuple, because argMax would skip what is null in a column of its own. */

/** SQL: where no event or statement gave a value its time. */
export const NO_TIME = "fromUnixTimestamp64Milli(toInt64(0), 'UTC')"

/** SQL over rows that have these columns: the value with its provenance. */
export const VALUE = 'tuple(toString(kind), text, number, boolean, time, list, toString(source), ts)'

/** SQL: a number as such a value. */
export const numberValue = (number: string, source: string, at: string): string =>
  `tuple('number', '', ${number}, toUInt8(0), ${NO_TIME}, CAST([], 'Array(String)'), ${source}, ${at})`

/** SQL: a list of texts as such a value. */
export const listValue = (list: string, source: string, at: string): string =>
  `tuple('list', '', toFloat64(0), toUInt8(0), ${NO_TIME}, ${list}, ${source}, ${at})`

/** SQL: the columns of `cdp.trait_values__rows` out of a query of `trait, profile, winner`; null and nothing are no value. */
export const valueRows = (winners: string): string =>
  `SELECT trait, profile, winner.1 AS kind, winner.2 AS text, winner.3 AS number, winner.4 AS boolean, winner.5 AS time,
    winner.6 AS list, winner.7 AS source, winner.8 AS at
  FROM (${winners}) WHERE winner.1 NOT IN ('null', '')`
