/** What a benchmark is: one claim, its subject and its reference measured in turn, and the figures that come out. */

export interface BenchmarkOptions {
  /** Size of the work. @default the benchmark's own */
  readonly rows: number | undefined
  /** How often subject and reference are measured, in turn. */
  readonly runs: number
  /** Told in one line each what is being done. */
  readonly log: (message: string) => void
}

export interface Benchmark {
  readonly name: string
  /** What should hold, in one sentence with numbers. */
  readonly claim: string
  /** @throws BenchmarkSkipped where what it needs is not installed */
  run(options: BenchmarkOptions): Promise<Figures>
}

export interface Figures {
  /** Median of the subject. */
  readonly value: number
  readonly unit: string
  /** What the subject is measured against, in words. */
  readonly reference: string
  /** Median of the reference, in the same unit. */
  readonly against: number
  /** value / against. */
  readonly ratio: number
  /** The highest of all runs of the subject. */
  readonly peakRssMb: Readonly<Record<string, number>>
  /** Every measurement, in order. */
  readonly runs: readonly Readonly<Record<string, unknown>>[]
  /** Further medians. */
  readonly details?: Readonly<Record<string, unknown>>
}

/** What the benchmark compares with is not on this machine; the message says how to get it. */
export class BenchmarkSkipped extends Error {
  override readonly name = 'BenchmarkSkipped'
}
