/** SQL: a DateTime64(3, 'UTC') as ISO 8601 with milliseconds, `2026-01-31T09:30:00.000Z`. */
export const isoTime = (time: string): string => `concat(replaceOne(toString(${time}), ' ', 'T'), 'Z')`

/** The value of a DateTime64(3, 'UTC') as inserts take it. @param ms epoch milliseconds */
export const timeValue = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').replace('Z', '')
