/** `connector list|new|check|discover|run|test`: for who uses connectors, and for who writes them. */
import { resolve } from 'node:path'
import { Argument, type Command, Option } from 'commander'
import type { ProtocolVerb } from '../../operations/run-connector.js'
import { addCommand, type Invocation } from '../command.js'
import { ExitCode, UsageError } from '../errors.js'
import { table } from '../format.js'
import { untilInterrupted } from '../interrupt.js'
import { readConfigFile } from '../read-config.js'
import { objectWords, streamWords } from './discovered.js'

/** A source or destination of the workspace, or a connector with a config of its own. */
interface Asked {
  readonly connector?: string
  readonly config?: string
}

interface NewOptions {
  readonly kind?: 'source' | 'destination'
  readonly title?: string
  readonly dir?: string
}

export function addConnectorCommands(program: Command): void {
  const group = program.command('connector').summary('list, try, run and write connectors')

  addCommand(
    group,
    { name: 'list', summary: 'connectors that are installed', examples: ['connector list'] },
    async ({ workspaceDir, output }) => {
      const { connectors } = await import('../../operations/connectors.js')
      const found = connectors(workspaceDir)
      output.result(found, () =>
        table(
          ['connector', 'version', 'kind', 'title', 'status', 'live account'].map((title) => ({ title })),
          found.map(({ name, version, kind, title, status, triedOnLiveAccount: tried }) => [
            name,
            version,
            kind,
            title,
            status ?? '',
            tried === undefined ? '' : tried ? 'tried' : 'not tried',
          ]),
        ),
      )
    },
  )

  addCommand(
    group,
    {
      name: 'new <name>',
      summary: 'write a connector package that passes its tests as it is',
      examples: [
        'connector new source-acme',
        'connector new source-acme --title "Acme CRM" --dir connectors/source-acme',
        'connector new destination-acme',
      ],
    },
    async ({ workspaceDir, output }, [name], options: NewOptions) => {
      const { newConnector } = await import('../../operations/new-connector.js')
      const directory = resolve(workspaceDir, options.dir ?? `connectors/${name!.split('/').at(-1)}`)
      const result = await newConnector({
        directory,
        name: name!,
        ...(options.kind !== undefined && { kind: options.kind }),
        ...(options.title !== undefined && { title: options.title }),
      })
      output.result(result, () =>
        [
          ...result.written.map((path) => `wrote ${path}`),
          `next: npm install && tributary connector test ${directory}`,
        ].join('\n'),
      )
    },
  )
    .addOption(
      new Option('--kind <kind>', 'source or destination (default: what the name begins with)').choices([
        'source',
        'destination',
      ]),
    )
    .option('--title <text>', 'what people read (default: from the name)')
    .option('--dir <dir>', 'folder of the package (default: connectors/<name>)')

  askedOptions(
    addCommand(
      group,
      {
        name: 'check [name]',
        summary: 'whether a source can be read, or a destination written to, with its config',
        details:
          'A worker asks where one runs, otherwise this process. With --connector and --config: a config that is in no workspace.',
        examples: [
          'connector check shop',
          'connector check destinations/crm',
          'connector check --connector source-postgres --config config.json',
        ],
      },
      async (invocation, [name], options: Asked) => {
        const { output } = invocation
        const { checkConnector, checkHere } = await import('../../operations/connectors.js')
        const asked = await askedFor(invocation, name, options)
        const context = await invocation.context()
        const result =
          name === undefined ? await checkHere(context, asked) : await checkConnector(context, asked)
        output.result(result, () =>
          [
            result.ok
              ? `${output.paint('green', '✓')} ${result.message} (${result.seconds} s, by ${result.by})`
              : `${output.paint('red', '✗')} ${result.type ?? 'Error'}: ${result.message}`,
            ...(result.warnings ?? []).map((warning) => `${output.paint('yellow', '!')} ${warning}`),
          ].join('\n'),
        )
        return result.ok ? ExitCode.ok : ExitCode.failed
      },
    ),
  )

  askedOptions(
    addCommand(
      group,
      {
        name: 'discover [name]',
        summary: 'the streams of a source, or the objects of a destination, with fields and types',
        examples: [
          'connector discover shop',
          'connector discover destinations/crm',
          'connector discover --connector source-files --config config.yaml --json',
        ],
      },
      async (invocation, [name], options: Asked) => {
        const { output } = invocation
        const { discoverConnector } = await import('../../operations/connectors.js')
        const asked = await askedFor(invocation, name, options)
        const found = await discoverConnector(await invocation.context(), asked, (warning) =>
          output.note(output.paintNote('yellow', `warning: ${warning}`)),
        )
        if (found.kind === 'destination') {
          output.result(found.objects, () =>
            found.objects.map((object) => objectWords(object, output.paint)).join('\n\n'),
          )
          return
        }
        output.result(found.streams, () =>
          found.streams.map((stream) => streamWords(stream, output.paint)).join('\n\n'),
        )
      },
    ),
  )

  addCommand(
    group,
    {
      name: 'run <connector>',
      summary: 'speak the Airbyte protocol for a connector',
      details:
        'One JSON message a line on stdout; files may be JSON or YAML. Needs no workspace, Temporal or ClickHouse.',
      examples: [
        'connector run source-files spec',
        'connector run ./connectors/source-acme read --config c.json --catalog catalog.json --state s.json',
      ],
    },
    async (
      invocation,
      [connector, verb],
      options: { readonly config?: string; readonly catalog?: string; readonly state?: string },
    ) => {
      const [{ runConnector }, context] = await Promise.all([
        import('../../operations/run-connector.js'),
        invocation.context(),
      ])
      const [config, catalog, state] = await Promise.all(
        [options.config, options.catalog, options.state].map((path) =>
          path ? readConfigFile(path) : undefined,
        ),
      )
      if (verb !== 'spec' && config === undefined)
        throw new UsageError(`running ${verb}: it needs a config; add --config FILE`)
      if (verb === 'read' && catalog === undefined)
        throw new UsageError('running read: it needs a catalog; add --catalog FILE')
      return untilInterrupted('stopped', (signal) =>
        runConnector(context, {
          connector: connector!,
          verb: verb as ProtocolVerb,
          config,
          catalog,
          state,
          signal,
          out: (line) => writeLine(line),
        }),
      )
    },
  )
    .addArgument(new Argument('<verb>', 'what to do').choices(['spec', 'check', 'discover', 'read']))
    .option('--config <file>', 'config of the connector')
    .option('--catalog <file>', 'configured catalog, for read')
    .option('--state <file>', 'state, for read')

  addCommand(
    group,
    {
      name: 'test [dir]',
      summary: 'build a connector package and run its tests',
      examples: ['connector test connectors/source-acme'],
    },
    async ({ workspaceDir, output }, [directory]) => {
      const { testConnector } = await import('../../operations/test-connector.js')
      const result = await testConnector(resolve(workspaceDir, directory ?? '.'), output.json)
      output.result(result, () => '')
      return result.ok ? ExitCode.ok : ExitCode.failed
    },
  )
}

function askedOptions(command: Command): void {
  command
    .option('--connector <connector>', 'a connector instead: package name or path')
    .option('--config <file>', 'its config, JSON or YAML')
}

async function askedFor(invocation: Invocation, name: string | undefined, { connector, config }: Asked) {
  if (connector !== undefined) {
    const content = config === undefined ? {} : await readConfigFile(config)
    return { id: connector, connector, config: content as Record<string, unknown> }
  }
  if (name === undefined) {
    throw new UsageError(
      'asking a connector: which one? name a source or destination, or give --connector and --config',
    )
  }
  const { workspaceConfig } = await import('../../operations/connector-session.js')
  return workspaceConfig(await invocation.context(), name)
}

/** Holds the source back while the reader is slow. */
function writeLine(line: string): void | Promise<void> {
  if (process.stdout.write(`${line}\n`)) return undefined
  return new Promise((drained) => process.stdout.once('drain', () => drained()))
}
