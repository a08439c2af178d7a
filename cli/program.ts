/** The whole command line: its groups in the order of the help. Nothing heavy is loaded before a command runs. */
import { Command } from 'commander'
import { productVersion } from '../runtime/version.js'
import { addActivationCommands } from './commands/activations.js'
import { addApplyCommands } from './commands/apply.js'
import { addCompletionCommand } from './commands/completion.js'
import { addConnectorCommands } from './commands/connectors.js'
import { addDemoCommand } from './commands/demo.js'
import { addHistoryCommands } from './commands/history.js'
import { addListCommands } from './commands/lists.js'
import { addMappingCommands } from './commands/mappings.js'
import { addMemberCommands } from './commands/members.js'
import { addProfileCommands } from './commands/profiles.js'
import { addQueryCommand } from './commands/query.js'
import { addRefreshCommand } from './commands/refresh.js'
import { addRejectCommands } from './commands/rejects.js'
import { addRetentionCommands } from './commands/retention.js'
import { addRunsCommand } from './commands/runs.js'
import { addScheduleCommands } from './commands/schedules.js'
import { addSecretCommands } from './commands/secrets.js'
import { addSegmentCommands } from './commands/segments.js'
import { addServerCommands } from './commands/server.js'
import { addStackCommands } from './commands/stack.js'
import { addStateCommands } from './commands/state.js'
import { addSyncCommand } from './commands/sync.js'
import { addTokenCommands } from './commands/tokens.js'
import { addTraitCommands } from './commands/traits.js'
import { addWorkspaceCommands } from './commands/workspace.js'

const HELP = `
Exit codes: 0 ok, 1 failed, 2 wrong use, 3 Temporal or ClickHouse unreachable or no worker running, 130 Ctrl-C.
Environment: TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY, CLICKHOUSE_URL, CLICKHOUSE_USER,
CLICKHOUSE_PASSWORD, NO_COLOR, TRIBUTARY_LOG_LEVEL=debug (errors with their stack). What is not set is read from
the local stack of the workspace (tributary up).

Example:
  tributary init && tributary up --detach && tributary apply && tributary sync files --wait`

/** The program, not yet run. */
export function createProgram(): Command {
  const program = new Command('tributary')
    .description(
      'An open customer data platform: connectors extract, Temporal makes every run durable, ClickHouse holds the data.',
    )
    .version(productVersion(), '-V, --version')
    .helpCommand('help [command]', 'show help of a command')
    .showSuggestionAfterError()
    .showHelpAfterError('(--help shows what can be said)')
    .addHelpText('after', HELP)
    // Ends are decided in one place: run-program.ts.
    .exitOverride()
  addWorkspaceCommands(program)
  addStackCommands(program)
  addApplyCommands(program)
  addSyncCommand(program)
  addHistoryCommands(program)
  addMappingCommands(program)
  addRefreshCommand(program)
  addProfileCommands(program)
  addSegmentCommands(program)
  addTraitCommands(program)
  addListCommands(program)
  addActivationCommands(program)
  addScheduleCommands(program)
  addRunsCommand(program)
  addStateCommands(program)
  addRejectCommands(program)
  addRetentionCommands(program)
  addQueryCommand(program)
  addConnectorCommands(program)
  addSecretCommands(program)
  addServerCommands(program)
  addMemberCommands(program)
  addTokenCommands(program)
  addDemoCommand(program)
  addCompletionCommand(program)
  return program
}
