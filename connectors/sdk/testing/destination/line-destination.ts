/** A destination that speaks lines over TCP, and its server: the suite's own test of connections that break. */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import {
  type DestinationDefinition,
  type DestinationRecord,
  defineDestination,
  OK,
  type WriteContext,
} from '../../destination.js'
import { ConnectorError } from '../../errors.js'
import type { DestinationSuiteOptions } from './options.js'

export interface LineConfig {
  readonly host: string
  readonly port: number
}

/** `add` keeps every record, `set` the last one of a match; both say how many they took. */
type Verb = 'add' | 'set'

/** @param verb what the destination, which says that it can be repeated, makes of an upsert */
export function lineDestination(verb: Verb): DestinationDefinition<LineConfig> {
  return defineDestination<LineConfig>({
    spec: {
      type: 'object',
      required: ['host', 'port'],
      properties: {
        host: { type: 'string', title: 'Host', description: 'Where it is.' },
        port: { type: 'integer', title: 'Port', description: 'Where it listens.' },
      },
    },
    check: async (context) => void (await ask(context, { verb: 'hello' })),
    objects: [
      {
        name: 'line',
        operations: ['upsert'],
        fields: { id: { type: 'integer' }, text: { type: 'string' } },
        matchKeys: [['id']],
        batch: { records: 10 },
        idempotency: 'natural',
        undo: 'none',
        async write(context, { records }) {
          for (const record of records) await ask(context, { verb, record })
          return { results: records.map(() => OK) }
        },
      },
    ],
  })
}

/** Says a line and waits for the answer's. */
async function ask(
  { config, connect, signal }: Pick<WriteContext<LineConfig>, 'config' | 'connect' | 'signal'>,
  message: { readonly verb: Verb | 'hello'; readonly record?: DestinationRecord },
): Promise<void> {
  const socket = await connect(config)
  try {
    socket.write(`${JSON.stringify(message)}\n`)
    for await (const _ of createInterface(socket)) return
  } catch {
    // What broke is told below, as is an end without an answer.
  } finally {
    socket.destroy()
  }
  signal.throwIfAborted()
  throw new ConnectorError('NetworkError', 'writing a line: the connection broke; it is tried again')
}

export function lineOptions(): DestinationSuiteOptions<LineConfig> {
  return {
    speaks: 'tcp',
    objects: [
      {
        name: 'line',
        operations: ['upsert'],
        sample: (n) => ({ match: { id: n }, fields: { text: `line ${n}` } }),
      },
    ],
    async start() {
      const server = await startLineServer()
      const configFor = (host: string, port: number): LineConfig => ({ host, port })
      return {
        config: configFor('127.0.0.1', server.port),
        tcp: { host: '127.0.0.1', port: server.port, configFor },
        badConfigs: [
          { title: 'a closed port', config: configFor('127.0.0.1', 1), kind: 'SourceUnavailable' },
        ],
        holdings: async () => server.held,
        clear: async () => void server.held.splice(0),
        stop: () => server.stop(),
      }
    },
  }
}

async function startLineServer(): Promise<{
  readonly port: number
  readonly held: DestinationRecord[]
  stop(): Promise<void>
}> {
  const held: DestinationRecord[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    createInterface(socket).on('line', (line) => {
      const { verb, record } = JSON.parse(line) as { verb: string; record: DestinationRecord }
      const at = held.findIndex(({ match }) => match.id === record?.match.id)
      if (verb === 'set' && at >= 0) {
        held[at] = { match: record.match, fields: { ...held[at]!.fields, ...record.fields } }
      } else if (verb !== 'hello') held.push(record)
      socket.write('done\n')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    held,
    async stop() {
      server.close()
      for (const socket of sockets) socket.destroy()
      await once(server, 'close')
    },
  }
}
