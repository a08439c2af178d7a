/** The engine's server configuration, which cannot be given as settings: small caches and pools, its log. */
import { closeSync, openSync, writeFileSync } from 'node:fs'
import { availableParallelism, totalmem } from 'node:os'
import { join } from 'node:path'

/** Where the engine writes its log, which read-counts.ts reads and empties. */
export const engineLog = (dataDir: string): string => join(dataDir, 'tributary-engine.log')

const escapeXml = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;')

/**
 * Writes the configuration into the data directory and gives its path.
 * `memoryBytes` bounds what all queries may use. @default half of the machine's memory
 */
export const writeEngineConfig = (dataDir: string, memoryBytes = Math.floor(totalmem() / 2)): string => {
  const path = join(dataDir, 'tributary-engine.xml')
  const values = {
    max_server_memory_usage: memoryBytes,
    mark_cache_size: 64 << 20,
    uncompressed_cache_size: 0,
    background_pool_size: Math.max(2, availableParallelism()),
    background_schedule_pool_size: 4,
    background_move_pool_size: 1,
    background_fetches_pool_size: 1,
    background_common_pool_size: 2,
  }
  // Queries stand in the log: nobody else may read it. The engine writes every level, whatever is asked here.
  closeSync(openSync(engineLog(dataDir), 'a', 0o600))
  const log = `<log>${escapeXml(engineLog(dataDir))}</log>`
  const logger = `<logger><level>debug</level><async>false</async>${log}</logger>`
  const lines = Object.entries(values).map(([name, value]) => `<${name}>${value}</${name}>`)
  writeFileSync(path, `<clickhouse>\n  ${[logger, ...lines].join('\n  ')}\n</clickhouse>\n`)
  return path
}
