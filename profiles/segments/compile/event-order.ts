/** The order of a person's events: by time, and of those at the same time by row. */

/** The column that it reads beside the time. */
export const ORDER_COLUMN = 'row'

/** SQL: it as one number: the engine compares tuples far slower. */
export const EVENT_ORDER = `(bitShiftLeft(toUInt128(toUnixTimestamp64Milli(ts) + 2300000000000), 64) + ${ORDER_COLUMN})`

/** SQL: aggregate function that takes the value of the first or last event. */
export const pickBy = (which: 'first' | 'last') => (which === 'first' ? 'argMin' : 'argMax')
