/** check and discover, for a published source or for one that is being written. */

import { ApplicationFailure } from '@temporalio/common'
import { type ConnectorLog, checkDestination, warningText } from '@tributary/connector-sdk'
import type { SourceFile } from '@tributary/schemas'
import {
  type CheckResult,
  type ConnectorCommandInput,
  checkedWords,
  type DiscoverResult,
  MAX_WARNINGS,
} from '../workflows/command-contract.js'
import { discoverStreams } from './catalog.js'
import { withConnectorContext } from './connector-context.js'
import type { ActivityDeps } from './deps.js'
import { toFailure } from './failures.js'
import { openDestinationDefinition } from './opened-destination.js'
import { type OpenedSource, openDefinition, openPublishedSource, withSourceContext } from './opened-source.js'
import { withHeartbeat } from './progress.js'

/** Larger catalogues are cut in the result: it lives in a workflow history. */
const MAX_LISTED_STREAMS = 100

export function createConnectorCommands(deps: ActivityDeps) {
  return {
    /** Never fails for a config that does not work: that is the answer. */
    async checkConnector(input: ConnectorCommandInput): Promise<CheckResult> {
      return withHeartbeat(deps.draining, async ({ signal }) => {
        const startedAtMs = Date.now()
        const warnings: string[] = []
        const rest = () => ({
          seconds: (Date.now() - startedAtMs) / 1000,
          ...(warnings.length > 0 && { warnings: warnings.slice(0, MAX_WARNINGS) }),
        })
        try {
          const { draft } = input
          if (draft?.kind === 'destination') {
            const account = await checkDraft(deps, { id: input.source, definition: draft }, signal, warnings)
            const kind = 'destination' as const
            const checked = { kind, ...(account !== undefined && { account }) }
            return { ok: true, message: checkedWords(input.source, checked), ...rest() }
          }
          const source = await open(deps, input)
          await withSourceContext(deps, source, signal, (context) =>
            source.connector.source.check({ ...context, log: heardLog(context.log, warnings) }),
          )
          return { ok: true, message: checkedWords(input.source, { kind: 'source' }), ...rest() }
        } catch (error) {
          const failure = toFailure(error)
          if (!(failure instanceof ApplicationFailure)) throw failure
          return { ok: false, message: failure.message, type: failure.type ?? 'Error', ...rest() }
        }
      })
    },

    async discoverCatalog(input: ConnectorCommandInput): Promise<DiscoverResult> {
      return withHeartbeat(deps.draining, async ({ signal }) => {
        const streams = await discoverStreams(deps, await open(deps, input), signal)
        return {
          total: streams.length,
          streams: streams.slice(0, MAX_LISTED_STREAMS).map((stream) => ({
            name: stream.name,
            fields: Object.keys(stream.schema.properties).length,
            incremental: stream.cursor !== undefined,
          })),
        }
      })
    },
  }
}

/** Before anything is discovered: a check is cheap. @returns the account that answered, where it is told */
async function checkDraft(
  deps: ActivityDeps,
  draft: Parameters<typeof openDestinationDefinition>[1],
  signal: AbortSignal,
  warnings: string[],
): Promise<string | undefined> {
  const { id, connector, config } = await openDestinationDefinition(deps, draft)
  const { destination } = connector
  const about = {
    kind: 'destination' as const,
    id,
    connector: connector.name,
    spec: destination.spec,
    config,
  }
  return withConnectorContext(deps, about, signal, (context) =>
    checkDestination(destination, { ...context, log: heardLog(context.log, warnings) }),
  )
}

/** The log as it is, and its warnings kept for the answer. */
function heardLog(log: ConnectorLog, warnings: string[]): ConnectorLog {
  return {
    ...log,
    warn: (message, fields) => {
      warnings.push(warningText(message, fields))
      log.warn(message, fields)
    },
  }
}

function open(deps: ActivityDeps, input: ConnectorCommandInput): Promise<OpenedSource> {
  if (input.draft === undefined) return openPublishedSource(deps, input.source, undefined)
  const definition: SourceFile = { connector: input.draft.connector, config: input.draft.config, streams: [] }
  return openDefinition(deps, input.source, 'draft', definition)
}
