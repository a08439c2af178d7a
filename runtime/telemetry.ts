/** Installs Temporal's runtime once a process: its logs go where ours go, its metrics to Prometheus where asked for. */
import type { RuntimeOptions } from '@temporalio/worker'
import type { Logger } from './logger.js'

/**
 * Options of `Runtime.install`. TRIBUTARY_METRICS_ADDRESS (`127.0.0.1:9464`) serves Prometheus metrics, Temporal's own
 * and the activities'; it is unset by default, so nothing listens.
 */
export function runtimeOptions(logger: Logger, env: NodeJS.ProcessEnv = process.env): RuntimeOptions {
  const address = env.TRIBUTARY_METRICS_ADDRESS
  return {
    logger: {
      log: (level, message, fields) => write(logger, level, message, fields),
      trace: (message, fields) => write(logger, 'TRACE', message, fields),
      debug: (message, fields) => write(logger, 'DEBUG', message, fields),
      info: (message, fields) => write(logger, 'INFO', message, fields),
      warn: (message, fields) => write(logger, 'WARN', message, fields),
      error: (message, fields) => write(logger, 'ERROR', message, fields),
    },
    telemetryOptions: {
      logging: { forward: {}, filter: 'WARN' },
      ...(address && {
        metrics: {
          prometheus: {
            bindAddress: address,
            countersTotalSuffix: true,
            unitSuffix: true,
            useSecondsForDurations: true,
          },
        },
      }),
    },
    // The worker's own signal handlers end slices at their next checkpoint first.
    shutdownSignals: [],
  }
}

function write(logger: Logger, level: string, message: string, fields: unknown): void {
  const method = level.toLowerCase() as 'trace' | 'debug' | 'info' | 'warn' | 'error'
  logger[method]((fields ?? {}) as Record<string, unknown>, message)
}
