/** Logs: JSON lines on stderr, since stdout belongs to results. Message constants with fields; never record content. */
import { type Logger, pino, stdSerializers } from 'pino'

export type { Logger }

/** Level from TRIBUTARY_LOG_LEVEL (trace, debug, info, warn, error). @default info */
export function createLogger(name: string, env: NodeJS.ProcessEnv = process.env): Logger {
  const options = {
    name,
    level: env.TRIBUTARY_LOG_LEVEL ?? 'info',
    base: { name, pid: process.pid },
    // Temporal's own word for what pino calls `err`.
    serializers: { error: stdSerializers.err },
    redact: { paths: ['taskToken'], remove: true },
  }
  return pino(options, pino.destination({ dest: 2, sync: true }))
}
