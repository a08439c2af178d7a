/** The supervised children of one stack by kind: started in any order, stopped kind by kind. */
import {
  type Backoff,
  type ServiceEvent,
  type ServiceSpec,
  type SupervisedService,
  supervise,
} from './service.js'

/** In the order of stopping: whatever uses another part ends before it. */
const STOP_ORDER = ['worker', 'server', 'temporal', 'clickhouse'] as const
export type PartKind = (typeof STOP_ORDER)[number]

export interface PartsHooks {
  readonly log: (message: string) => void
  readonly onEvent: (event: ServiceEvent) => void
  /** Gives up starts that are under way. */
  readonly signal: AbortSignal | undefined
  readonly backoff: Backoff | undefined
}

export class Parts {
  readonly #hooks: PartsHooks
  readonly #running: { readonly kind: PartKind; readonly service: SupervisedService }[] = []
  readonly #starting = new Set<Promise<SupervisedService>>()
  readonly #stopping = new AbortController()

  constructor(hooks: PartsHooks) {
    this.#hooks = hooks
  }

  /** Starts a child and keeps it running. @throws when it does not start */
  async start(kind: PartKind, spec: ServiceSpec): Promise<void> {
    const { log, onEvent, signal, backoff } = this.#hooks
    const stop = this.#stopping.signal
    if (stop.aborted) throw new Error(`starting ${spec.name}: the stack is being stopped`)
    log(`Starting ${spec.name}`)
    const report = (event: ServiceEvent) => {
      log(describe(event))
      onEvent(event)
    }
    const starting = supervise(spec, report, backoff, signal ? AbortSignal.any([signal, stop]) : stop)
    this.#starting.add(starting)
    try {
      this.#running.push({ kind, service: await starting })
    } finally {
      this.#starting.delete(starting)
    }
  }

  /** Stops every child, also those that are just starting. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await Promise.allSettled(this.#starting)
    for (const kind of STOP_ORDER) {
      const services = this.#running.filter((part) => part.kind === kind)
      await Promise.all(services.map(({ service }) => service.stop()))
    }
  }
}

function describe(event: ServiceEvent): string {
  const { name } = event
  switch (event.type) {
    case 'started':
      return `${name} runs (process ${event.pid})`
    case 'exited':
      return `${name} ended (${event.exit}); starting it again in ${event.restartInMs} ms${quote(event.tail)}`
    case 'start-failed':
      return `${name} did not start; trying again in ${event.restartInMs} ms${quote(event.reason)}`
    case 'stopped':
      return `${name} stopped`
  }
}

function quote(text: string): string {
  return text === '' ? '' : `\n${text.replace(/^/gm, '  | ')}`
}
