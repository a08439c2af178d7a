/** Keeps stack.json in step with what runs: addresses once they are known, and the identity of every living child. */
import { rm } from 'node:fs/promises'
import { type ProcessRecord, type StackRecord, stackPaths } from '../../runtime/stack.js'
import { identifyProcess } from '../process-identity.js'
import { type StackStatus, statusOf } from './control.js'
import type { ServiceEvent } from './service.js'
import { writeStackRecord } from './stack-files.js'

type Addresses = Pick<StackRecord, 'temporal' | 'clickhouse' | 'server' | 'workers'>

export class StackRecorder {
  readonly #workspaceDir: string
  readonly #processes = new Map<string, ProcessRecord>()
  #addresses: Addresses = { temporal: null, clickhouse: null, server: null, workers: 0 }
  #ready = false
  #removed = false
  #saving: Promise<void> = Promise.resolve()

  constructor(workspaceDir: string) {
    this.#workspaceDir = workspaceDir
  }

  /** Notes that a child began or ended. */
  onEvent(event: ServiceEvent): void {
    const identity = event.type === 'started' ? identifyProcess(event.pid) : undefined
    if (identity) this.#processes.set(event.name, { name: event.name, ...identity })
    else if (event.type !== 'started') this.#processes.delete(event.name)
    void this.#save()
  }

  /** Writes that every part serves. */
  async ready(addresses: Addresses): Promise<StackStatus> {
    this.#addresses = addresses
    this.#ready = true
    await this.#save()
    return statusOf(this.#record())!
  }

  /** Takes the record away; nothing writes it again. */
  async remove(): Promise<void> {
    this.#removed = true
    await this.#saving
    await rm(stackPaths(this.#workspaceDir).record, { force: true })
  }

  #record(): StackRecord {
    const supervisor = { name: 'supervisor', ...identifyProcess(process.pid)! }
    const processes = [...this.#processes.values()]
    return { version: 1, ready: this.#ready, supervisor, ...this.#addresses, processes }
  }

  /** Writes follow one another, each with what is true when its turn comes. */
  #save(): Promise<void> {
    this.#saving = this.#saving
      .catch(() => undefined)
      .then(async () => {
        if (!this.#removed) await writeStackRecord(this.#workspaceDir, this.#record())
      })
    // A record that cannot be written must not bring the stack down; the write that ready() awaits still reports it.
    this.#saving.catch(() => undefined)
    return this.#saving
  }
}
