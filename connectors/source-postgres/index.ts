/** PostgreSQL as a source: tables and views in full by COPY, or incrementally by a cursor column. */
import { postgresSource } from './source.js'

export { postgresSource } from './source.js'
export type { PostgresConfig } from './spec.js'
export type { Limits } from './streams/reading.js'

export default postgresSource()
