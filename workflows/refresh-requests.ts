/** Who asked for a refresh and has not got it yet. Plain state: a round serves everybody who asked before it began. */
import type { RefreshReport, RefreshRequest } from './refresh-contract.js'

export class RefreshRequests {
  /** Somebody waits: begin at once. */
  urgent = false
  /** A round is wanted that has not begun. The first is wanted by being started. */
  pending = true
  /** The next round looks at everybody. */
  full = false
  /** No further round will come: whoever waits for one is told. */
  closed = false
  report: RefreshReport | undefined
  #running = false

  /** @param rounds that have ended */
  constructor(public rounds: number) {}

  ask(): void {
    this.pending = true
  }

  /** @returns the number of the round that will serve this request */
  askNow({ full = false }: RefreshRequest = {}): number {
    this.pending = true
    this.urgent = true
    this.full ||= full
    return this.rounds + (this.#running ? 2 : 1)
  }

  /** @returns what the round is for */
  begin(): Required<RefreshRequest> {
    const { full } = this
    this.pending = false
    this.urgent = false
    this.full = false
    this.#running = true
    return { full }
  }

  end(report: RefreshReport): void {
    this.#running = false
    this.rounds += 1
    this.report = report
  }
}
